"""Lists to choose from that lead nowhere, leave something out, or are longer than a page."""

from collections import Counter
from collections.abc import Iterator

from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.schema import MENU_PAGE

WISHES, MENU = "wishes.yml", "menu.yml"
_NO_ARTICLE = "Ghi mã của một bài đang có, hoặc bỏ mục này."


def wishes(library: Library) -> Iterator[Finding]:
    """Yield choices of no article, and wishes or choices that stand twice."""
    known = library.wishes.wishes
    for name, times in Counter(wish.id for wish in known).items():
        if times > 1:
            what = f"Có {times} nhu cầu mang mã {name}."
            yield Finding(WISHES, library.line_of_entry(WISHES, name), "id", what, "Đổi mã.")
    for wish in known:
        line = library.line_of_entry(WISHES, wish.id)
        for article in (choice.article for choice in wish.choices):
            if f"articles/{article}.md" not in library.texts:
                at = library.line_of_entry(WISHES, wish.id, article)
                what, cause = f"Không có bài {article}.", f"articles/{article}.md"
                yield Finding(WISHES, at, "choices", what, _NO_ARTICLE, (cause,))
        if len({choice.article for choice in wish.choices}) < len(wish.choices):
            what = f"Hai mục của nhu cầu {wish.id} dẫn tới một bài."
            yield Finding(WISHES, line, "choices", what, "Bỏ một mục, hoặc đổi bài.")


def menu(library: Library) -> Iterator[Finding]:
    """Yield groups of what is not there, and those of one article or of more than a page."""
    for topic, groups in library.menu.items():
        if topic not in library.topics:
            what = f"Thư mục {topic} không có trong content/topics.yml."
            yield _of_menu(library, topic, what, "Sửa tên thư mục.", "topics.yml")
        if len(groups) > MENU_PAGE:
            what = f"Chủ đề {topic} có {len(groups)} nhóm, tối đa {MENU_PAGE}."
            yield _of_menu(library, topic, what, "Gộp bớt nhóm.")
        for group in groups.values():
            if not 1 < len(group.articles) <= MENU_PAGE:
                count = len(group.articles)
                what = f"Nhóm “{group.label}” có {count} bài; cần từ 2 tới {MENU_PAGE}."
                yield _of_menu(library, topic, what, "Gộp hoặc tách nhóm.")
            for article in group.articles:
                if f"articles/{article}.md" not in library.texts or not _is_of(article, topic):
                    what = f"Không có bài {article} trong chủ đề {topic}."
                    yield _of_menu(library, topic, what, _NO_ARTICLE, f"articles/{article}.md")


def unreached(library: Library) -> Iterator[Finding]:
    """Yield topics that no wish leads to, and articles that stand in no group, or in two."""
    chosen = {c.article.partition("/")[0] for w in library.wishes.wishes for c in w.choices}
    for topic in library.topics:
        own = [name for name in library.articles if _is_of(name, topic)]
        if library.wishes.wishes and own and topic not in chosen:
            what = f"Không nhu cầu nào dẫn tới chủ đề {topic}."
            remedy = "Thêm một mục dẫn tới một bài của chủ đề này."
            yield Finding(WISHES, 1, "choices", what, remedy, ("topics.yml",))
        yield from _unlisted(library, topic, own)


def _unlisted(library: Library, topic: str, own: list[str]) -> Iterator[Finding]:
    groups = library.menu.get(topic)
    if not groups:
        if len(own) > MENU_PAGE:
            what = f"Chủ đề {topic} có {len(own)} bài mà chưa chia nhóm."
            yield _of_menu(library, topic, what, f"Chia nhóm, mỗi nhóm tối đa {MENU_PAGE} bài.")
        return
    listed = Counter(article for group in groups.values() for article in group.articles)
    for name in own:
        if listed[name] != 1:
            what = f"Bài {name} đứng ở {listed[name]} nhóm của menu."
            yield _of_menu(library, topic, what, "Để mỗi bài ở đúng một nhóm.")


def _of_menu(library: Library, topic: str, what: str, remedy: str, *causes: str) -> Finding:
    line = library.line(MENU, f"{topic}:")
    return Finding(MENU, line, topic, what, remedy, causes)


def _is_of(article: str, topic: str) -> bool:
    return article.startswith(f"{topic}/")
