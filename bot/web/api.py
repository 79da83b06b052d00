"""The JSON API: a message in, the reply object of the contract out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.web.callers import Callers
from bot.web.chat import WebChat, is_erasure
from bot.web.render import Templates
from services.conversation.names import Names
from services.conversation.plain import plain_markdown
from services.conversation.question import Question
from services.conversation.reply import Outcome


def _whole(text: str) -> str:
    """Refuse half a character, which JSON lets through and no database keeps."""
    text.encode()
    return text


Whole = Annotated[str, AfterValidator(_whole)]
Conversation = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128, pattern=r"^[^\u0000-\u001f\u007f]+$"),
    AfterValidator(_whole),
    Field(
        description="Tên cuộc trò chuyện, do bên gọi đặt; câu hỏi nối tiếp dùng lại tên này. "
        "Nên là chuỗi ngẫu nhiên từ 16 ký tự; tên ngắn hơn chỉ dùng lại được từ cùng một địa chỉ"
    ),
]


class TextMessage(BaseModel):
    """A question in words."""

    model_config = ConfigDict(extra="forbid")

    conversation: Conversation
    text: Whole = Field(description="Câu hỏi")


class ButtonMessage(BaseModel):
    """A pressed button."""

    model_config = ConfigDict(extra="forbid")

    conversation: Conversation
    payload: Whole = Field(description="Mã của một nút trong câu trả lời trước")


class CitationObject(BaseModel):
    """A document and a clause of it."""

    source: str
    clause: str
    title: str
    in_force: bool


class ButtonObject(BaseModel):
    """A choice: its payload comes back when it is pressed."""

    label: str
    payload: str


class ReplyObject(BaseModel):
    """The reply object of the contract."""

    outcome: Outcome
    article: str | None
    articles: list[str]
    part: str | None = Field(
        description="Phần của bài được nói; null là câu trả lời ngắn hay cả bài"
    )
    act: str | None = Field(
        description="Lời về cuộc trò chuyện, như shorter, back; null là câu hỏi"
    )
    tool: str | None = Field(description="Công cụ mà lời này mở (outcome là form), như loan, ocop")
    values: dict[str, int | float | str] = Field(
        description="Những gì lời này đã nói cho công cụ đó, theo tên câu hỏi của nó"
    )
    degraded: bool = Field(description="Tìm theo từ ngữ thay cho máy hiểu câu hỏi")
    text: str = Field(description="Cả câu trả lời, dạng chữ thường")
    citations: list[CitationObject]
    buttons: list[ButtonObject]
    confidence: float
    ticket: int | None = Field(
        description="Số phiếu mà lời này đã mở, hay được chuyển tới; null là không có"
    )
    ms: int


class LaterObject(BaseModel):
    """Something that the conversation was told later than it asked."""

    id: int
    at: datetime
    text: str = Field(description="Cả lời, dạng chữ thường; lời của cán bộ nói rõ là cán bộ")


class LaterObjects(BaseModel):
    """What was told later, in its order."""

    messages: list[LaterObject]
    awaits: bool = Field(description="Còn có thể có lời đến sau: phiếu đang mở, hay chờ bài ra")


class Problem(BaseModel):
    """What is wrong with the request, in one sentence."""

    detail: str


RESPONSES: Mapping[int | str, dict[str, Any]] = {
    400: {
        "description": "Yêu cầu không đọc được, hay thân không nói độ dài (Content-Length)",
        "content": {"text/plain": {}},
    },
    413: {"model": Problem, "description": "Thân dài quá 200 KB"},
    422: {"model": Problem, "description": "Thân không đúng dạng"},
    429: {
        "model": ReplyObject,
        "description": "Nhắn quá 30 lần một phút",
        "headers": {
            "Retry-After": {"schema": {"type": "integer"}, "description": "Số giây nên chờ"}
        },
    },
    500: {"model": ReplyObject, "description": "Có trục trặc; outcome là declined"},
    503: {
        "model": ReplyObject,
        "description": "Cơ sở dữ liệu hoặc ổ đĩa đang vắng; outcome là declined",
        "headers": {
            "Retry-After": {"schema": {"type": "integer"}, "description": "Số giây nên chờ"}
        },
    },
}


@dataclass(frozen=True)
class Api:
    """The routes under `/api`."""

    chat: WebChat
    templates: Templates
    callers: Callers
    names: Names

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api")
        router.add_api_route(
            "/messages",
            self.messages,
            methods=["POST"],
            tags=["hỏi đáp"],
            summary="Hỏi một câu hoặc bấm một nút",
            response_model=ReplyObject,
            responses=dict(RESPONSES),
        )
        router.add_api_route(
            "/messages/later",
            self.later,
            methods=["GET"],
            tags=["hỏi đáp"],
            summary="Lời đến sau: cán bộ trả lời, phiếu khép, câu hỏi nay có bài",
            response_model=LaterObjects,
            responses=dict(RESPONSES),
        )
        router.add_api_route("/docs", self.docs, include_in_schema=False)
        return router

    async def messages(self, request: Request, message: TextMessage | ButtonMessage) -> Response:
        """Answer as on the chat page, as JSON."""
        caller = self.callers.of(request)
        name, place = message.conversation, caller.places[0]
        question = _question(message, self.names.of(name, place))
        once = self.names.once_of(name, place, erases=is_erasure(question))
        answered = await self.chat.ask(question, caller, once)
        return JSONResponse(answered.as_json())

    async def later(
        self,
        request: Request,
        conversation: Annotated[Conversation, Query()],
        after: Annotated[
            int, Query(ge=0, le=2**31 - 1, description="id của lời đã nhận sau cùng")
        ] = 0,
    ) -> LaterObjects:
        """Tell what came later than it was asked for; asked again, the same is told again."""
        key = self.names.of(conversation, self.callers.of(request).places[0])
        told = [one for one in await self.chat.noticed(key) if one.id > after]
        return LaterObjects(
            messages=[
                LaterObject(id=one.id, at=one.at or one.created_at, text=plain_markdown(one.text))
                for one in told
            ],
            awaits=await self.chat.awaits(key),
        )

    async def docs(self, request: Request) -> Response:
        """Show the OpenAPI description as a page of our own, without scripts from elsewhere."""
        return HTMLResponse(self.templates.render("api.html", spec=request.app.openapi()))


def _question(message: TextMessage | ButtonMessage, key: str) -> Question:
    if isinstance(message, ButtonMessage):
        return Question("web", key, payload=message.payload)
    return Question("web", key, text=message.text)
