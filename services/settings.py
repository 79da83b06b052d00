"""The settings of the product: environment variables with the prefix `HTX_`, and `.env`."""

import contextlib
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from services.errors import SettingsError, why_of
from services.private_files import close

ROOT = Path(__file__).resolve().parents[1]
"""The folder of the project: content and the NLU room are found from here."""

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
"""The databases that the product runs on, each with the one driver that it uses."""

Networks: TypeAlias = frozenset[IPv4Network | IPv6Network]


class Settings(BaseSettings):
    """Every setting, with its default and what it means.

    `htx doctor` prints the descriptions; a test keeps README and this class in step.
    """

    model_config = SettingsConfigDict(env_prefix="HTX_", env_file=".env", extra="ignore")

    data_dir: Path = Field(
        ROOT / "var", description="Thư mục dữ liệu: cơ sở dữ liệu, khóa, mô hình"
    )
    database_url: str = Field(
        "",
        repr=False,  # because it may hold a password
        description="Cơ sở dữ liệu: sqlite:///… hoặc postgresql://…; để trống là SQLite trong "
        "thư mục dữ liệu",
    )
    content_dir: Path = Field(ROOT / "content", description="Thư mục nội dung")
    model_dir: Path = Field(Path(), description="Mô hình đã huấn luyện, mỗi dấu vân tay một tệp")
    nlu_url: str = Field(
        "http://127.0.0.1:5005", description="Nơi máy hiểu câu hỏi (Rasa) lắng nghe"
    )
    nlu_token: SecretStr = Field(SecretStr(""), description="Mã của máy hiểu; để trống thì tự sinh")
    nlu_timeout: float = Field(1.2, description="Chờ máy hiểu tối đa bao nhiêu giây mỗi câu")
    telegram_token: SecretStr = Field(SecretStr(""), description="Mã bot do BotFather cấp")
    telegram_base_url: str = Field(
        "https://api.telegram.org/bot", description="Địa chỉ Bot API, kết thúc bằng /bot"
    )
    telegram_webhook_url: str = Field("", description="Địa chỉ webhook; để trống là hỏi vòng")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Mã bí mật Telegram gửi kèm webhook"
    )
    web_host: str = Field("127.0.0.1", description="Địa chỉ trang web lắng nghe")
    web_port: int = Field(8000, ge=1, le=65535, description="Cổng của trang web")
    public_url: str = Field(
        "", description="Địa chỉ trang web mà mọi người mở, như https://htx.vn; để trống là máy này"
    )
    secret_key: SecretStr = Field(SecretStr(""), description="Khóa ký; để trống thì tự sinh")
    former_keys: SecretStr = Field(
        SecretStr(""), description="Khóa ký đã dùng trước, cách bằng dấu phẩy, sau khi đổi khóa"
    )
    keep_days: int = Field(90, ge=1, description="Giữ lời của một lượt hỏi bao nhiêu ngày")
    people_days: int = Field(
        730, ge=1, description="Giữ bà con không nhận tin và không nhắn nữa bao nhiêu ngày"
    )
    record_days: int = Field(
        730, ge=1, description="Sau khi gửi xong bao nhiêu ngày thì không còn biết đã gửi cho ai"
    )
    backup_days: int = Field(30, ge=1, description="Giữ mỗi bản sao lưu bao nhiêu ngày")
    bulk_rate: float = Field(
        24, ge=0, le=30, description="Thông báo gửi mỗi giây; 0 là không giãn, chỉ để đo"
    )
    quiet_hours: str = Field(
        "21:00-06:00", description="Giờ không gửi thông báo, giờ Việt Nam; để trống là không có"
    )
    fail_share: float = Field(
        0.2, gt=0, le=1, description="Lỗi hay không rõ quá phần này (từ 50 lần gửi) thì tạm dừng"
    )
    review_days: int = Field(
        180, ge=1, description="Bài chưa đối chiếu quá số ngày này thì “htx content review” nhắc"
    )
    office_name: str = Field(
        "", description="Cơ quan chịu trách nhiệm về dữ liệu của bà con, tên đầy đủ"
    )
    office_contact: str = Field(
        "", description="Ai nhận yêu cầu về dữ liệu của bà con: tên hay chức danh, số, nơi, giờ"
    )
    office_server: str = Field(
        "", description="Nơi đặt máy giữ dữ liệu, như: trụ sở văn phòng, Đà Nẵng"
    )
    office_hours: str = Field(
        "T2-T6 07:30-11:30 13:30-17:00",
        description="Giờ cán bộ trả lời phiếu, giờ Việt Nam; nhiều nhóm ngày cách bằng “;”, như "
        "T2-T6 07:30-11:30 13:30-17:00; T7 07:30-11:30. Ngày lễ, Tết, nghỉ bù đã tính sẵn",
    )
    answer_hours: float = Field(
        4, gt=0, le=80, description="Phiếu được trả lời trong bao nhiêu giờ làm việc"
    )
    care_contact: str = Field(
        "",
        description="Người văn phòng cử để ai đang nguy khốn gọi: tên, số điện thoại, giờ; "
        "để trống thì chỉ nói 115 và người thân",
    )
    care_line: str = Field(
        "",
        description="Đường dây tư vấn tâm lý mà văn phòng đã gọi thử: tên, số, giờ; "
        "để trống là không nói",
    )
    log_level: str = Field("INFO", description="Mức nhật ký: DEBUG, INFO, WARNING, ERROR")
    publish: bool = Field(
        default=True, description="Tự dùng nội dung vừa sửa khi đang chạy (htx run): true, false"
    )
    trusted_proxies: Annotated[Networks, NoDecode] = Field(
        frozenset(),
        description="Máy chủ đứng trước được tin X-Forwarded-For: địa chỉ hoặc mạng (10.0.0.0/24), "
        "cách bằng dấu phẩy",
    )
    own_addresses: Annotated[Networks, NoDecode] = Field(
        frozenset(),
        description="Máy của văn phòng, hỏi không bị đếm và xem được /metrics: địa chỉ hoặc mạng, "
        "cách bằng dấu phẩy",
    )

    @field_validator("trusted_proxies", "own_addresses", mode="before")
    @classmethod
    def _read_networks(cls, given: object) -> object:
        """Read a list as people write it; a name or a slip would silently fit nobody."""
        if not isinstance(given, str):
            return given
        try:
            parts = [part.strip() for part in given.split(",") if part.strip()]
            return frozenset(ip_network(part, strict=False) for part in parts)
        except ValueError:
            kind, msg = "network", "chỉ ghi địa chỉ hoặc mạng, như 10.0.0.2 hoặc 10.0.0.0/24"
            raise PydanticCustomError(kind, msg) from None

    @field_validator("telegram_base_url", "nlu_url", "public_url")
    @classmethod
    def _require_readable(cls, url: str) -> str:
        try:
            urlsplit(url)
        except ValueError:
            raise PydanticCustomError("url", "địa chỉ viết sai") from None
        return url

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, url: str) -> str:
        """Name the driver, which people leave out."""
        scheme, _, rest = url.partition("://")
        driver = _DRIVERS.get(scheme.partition("+")[0])
        if url and driver is None:
            kind, msg = "database", "chỉ dùng được sqlite:///… hoặc postgresql://…"
            raise PydanticCustomError(kind, msg)
        return f"{driver}://{rest}" if url else url

    @model_validator(mode="after")
    def _fill(self) -> "Settings":
        self.data_dir, self.content_dir = self.data_dir.resolve(), self.content_dir.resolve()
        self.database_url = self.database_url or f"sqlite+aiosqlite:///{self.data_dir}/htx.db"
        if self.model_dir == Path():
            self.model_dir = self.data_dir / "models"
        self.model_dir = self.model_dir.resolve()
        return self

    @property
    def nlu_port(self) -> int:
        """The port of `nlu_url`."""
        return urlsplit(self.nlu_url).port or 5005

    @property
    def site(self) -> str:
        """The address of the web page: as `public_url` says, else of this machine.

        `localhost`, not 127.0.0.1: browsers keep no passkey for an address of figures
        (https://www.w3.org/TR/webauthn-3/#rp-id).
        """
        return self.public_url.rstrip("/") or f"http://localhost:{self.web_port}"

    @property
    def is_open(self) -> bool:
        """Whether the web page listens to more than this machine."""
        return not _is_here(self.web_host)

    @property
    def in_clear(self) -> list[str]:
        """The settings by whose address a token travels in clear to another machine."""
        urls = {"HTX_TELEGRAM_BASE_URL": self.telegram_base_url, "HTX_NLU_URL": self.nlu_url}
        return [name for name, url in urls.items() if _is_clear(url)]

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the database, or None when it is not SQLite."""
        scheme, _, path = self.database_url.partition("///")
        return Path(path) if scheme.startswith("sqlite") and path else None


def load_settings(**overrides: object) -> Settings:
    """Read the settings, make the data folder and the secrets that are not set.

    Other accounts of the machine are kept out of what the product makes there.

    Raises:
        SettingsError: a value is wrong, or the data folder can't be written.

    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # because overrides are checked by pydantic
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        close(settings.data_dir)
        settings.nlu_token = _secret(settings.nlu_token, settings.data_dir / "nlu-token")
        settings.secret_key = _secret(settings.secret_key, settings.data_dir / "secret-key")
    except OSError as error:
        msg = (
            f"Không ghi được thư mục dữ liệu {settings.data_dir} ({why_of(error)}); "
            "đặt HTX_DATA_DIR sang nơi ghi được."
        )
        raise SettingsError(msg) from None
    return settings


def _is_here(host: str) -> bool:
    """Say whether a host is this machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_clear(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme != "https" and not _is_here(parts.hostname or "")


def _secret(value: SecretStr, path: Path) -> SecretStr:
    """Return the value set, or the one kept under the data folder, made at first need."""
    if value.get_secret_value():
        return value
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(32))
    return SecretStr(path.read_text(encoding="ascii").strip())


def _write_once(path: Path, text: str) -> None:
    """Write a file readable by its owner only, whole or not at all; the first writer wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="ascii")
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


_WRONG = {
    "int_parsing": "“{input}” phải là số nguyên",
    "float_parsing": "“{input}” phải là một số",
    "bool_parsing": "“{input}” phải là true hoặc false",
    "greater_than": "“{input}” quá nhỏ, phải hơn {gt:g}",
    "greater_than_equal": "“{input}” quá nhỏ, từ {ge:g} trở lên",
    "less_than_equal": "“{input}” quá lớn, tới {le:g}",
}
"""What is wrong with a value, by pydantic's name for it; other faults are told in its own words."""


def _sentence(error: ValidationError) -> str:
    told = "; ".join(map(_told, error.errors()))
    return f"Cài đặt sai: {told}. Sửa trong môi trường hoặc tệp .env."


def _told(fault: ErrorDetails) -> str:
    name = str(fault["loc"][0]).upper() if fault["loc"] else "?"
    form, values = _WRONG.get(fault["type"]), fault.get("ctx", {})
    what = form.format(input=fault["input"], **values) if form else fault["msg"]
    return f"HTX_{name}: {what}"
