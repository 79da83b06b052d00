"""`htx content preview`: an article as every channel shows it."""

from pathlib import Path
from typing import Annotated

import typer

from bot.preview import NAMES, Channel, everything
from bot.terminal import progress, result
from bot.web.render import Templates, article_page
from services.clock import day_of, utc_now
from services.conversation.composer import Composer
from services.errors import ContentError
from services.knowledge.article_file import ArticleFile, read_article_file
from services.settings import load_settings


def preview(
    article: Annotated[str, typer.Argument(help="Mã bài hoặc tệp .md, kể cả bản nháp")],
    channel: Annotated[Channel | None, typer.Option(help="Chỉ xem một kênh")] = None,
    html: Annotated[Path | None, typer.Option(help="Ghi trang web của bài ra tệp này")] = None,
) -> None:
    """Xem trước một bài: tin nhắn Telegram, trang web, chữ thường; nêu lỗi trước nếu có."""
    root = load_settings().content_dir
    draft = read_article_file(root, _file(root, article))
    _tell_findings(draft)
    composer = Composer(draft.library, day_of(utc_now()))
    for shown in [channel] if channel else Channel:
        result(f"\n════ {NAMES[shown]} ════")
        for line in everything(draft, composer, shown):
            result(line)
    if html:
        templates = Templates(draft.library.phrases.say, alone=True)
        html.write_text(article_page(templates, composer, draft.article.id), encoding="utf-8")
        progress(f"Đã ghi trang web của bài vào {html}; mở tệp này bằng trình duyệt để xem.")


def _file(root: Path, article: str) -> Path:
    name = article.removeprefix("content/articles/").removesuffix(".md")
    for path in (root / f"articles/{name}.md", Path(article)):
        if path.is_file():
            return path
    message = (
        f"Không có bài {article}; ghi mã bài (như founding/ho-so, xem thư mục content/articles) "
        "hoặc đường dẫn tới tệp .md."
    )
    raise ContentError(message)


def _tell_findings(draft: ArticleFile) -> None:
    if draft.findings:
        result(f"{len(draft.findings)} chỗ cần sửa trước khi đăng:")
    for finding in draft.findings:
        result(f"  {finding}")
