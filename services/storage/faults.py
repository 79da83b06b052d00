"""What is said of a database that can't be used: what happened, and what to do about it."""

import re

from services.errors import StorageError

_SILENT = "máy chủ có đang chạy không, địa chỉ trong HTX_DATABASE_URL có đúng không"
_REMEDIES = (
    ("password|authentication|pg_hba", "tài khoản và mật khẩu trong HTX_DATABASE_URL"),
    ('database ".*" does not exist', "tên cơ sở dữ liệu, hoặc tạo nó bằng “createdb”"),
    ('role ".*" does not exist', "tên tài khoản, hoặc tạo nó bằng “createuser”"),
    ("permission denied", "quyền của tài khoản: nó phải là chủ của cơ sở dữ liệu"),
    ("too many clients|connection slots", "max_connections của máy chủ: hết chỗ kết nối"),
    ("connection|resolve", _SILENT),
)
"""What PostgreSQL and its client write, and what to look at then; the first that fits counts.

A connection that fails carries no code (https://www.psycopg.org/psycopg3/docs/api/errors.html).
"""
_ELSE = "HTX_DATABASE_URL và quyền ghi của thư mục dữ liệu"


def unusable(url: str, error: Exception) -> StorageError:
    """Return the sentence about a database that can't be opened or migrated."""
    reason = getattr(error, "orig", None) or getattr(error, "strerror", None) or error
    said = " ".join(str(reason).split())
    return StorageError(f"Không mở được cơ sở dữ liệu ({said}); xem {_remedy(url, said)}.")


def _remedy(url: str, said: str) -> str:
    if not url.startswith("postgresql"):
        return _ELSE
    return next((remedy for sign, remedy in _REMEDIES if re.search(sign, said)), _ELSE)
