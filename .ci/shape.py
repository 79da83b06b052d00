"""Measures the code's shape and refuses what is out of it; standard library only.

The bars are a floor for the worst, no aim: no function over 60 lines, nine of ten at most 25; no
file over 400 lines, and none under 40 without a reason in `SMALL`; every public function
documented, every function typed; no class name twice in the product but for one thing, with the
reason in `TWICE`; none of the `WORDS` that mean too much. Docstrings do not count as lines. That
no imports run in a circle is a contract of import-linter, in pyproject.toml.
"""

import ast
import re
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

P90, LONGEST, LONG_FILE, SHORT_FILE = 25, 60, 400, 40

SMALL: dict[str, str] = {
    "services/storage/models/base.py": "what all tables share",
    "bot/console/people/view.py": "what the pages of people share",
    "services/staff/known_browsers.py": "a browser known for an account, apart from counted tries",
    "services/conversation/choices.py": "what a choice opens, for turns, talk and what was told",
    "nlu/core/parameters.py": "the numbers of config.yml, read once for all that learns",
    "nlu/embeddings.py": "a command, beside train, serve and evaluate",
    "bot/console/home.py": "the first page, which gathers what other sections have",
}
"""Modules under 40 lines, each with the reason why it stands alone."""

TWICE: dict[str, str] = {
    "Bars": "one thing on both sides of a wall: nlu chooses it, services reads the file",
}
"""Class names that stand more than once, each with the reason why that is one thing."""

WORDS = {"said"}
"""Words that are no part of a name: a reader can't tell which of their meanings is meant."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    """Print the figures; end with 1 when a bar is broken."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files()}
    product = {path: tree for path, tree in trees.items() if "tests" not in path.parts}
    lengths = sorted(length(f) for tree in product.values() for f in functions(tree))
    p90 = lengths[int(len(lengths) * 0.9)]
    print(
        f"{len(lengths)} functions in {len(product)} files: "
        f"median {statistics.median(lengths):g} lines, p90 {p90}, longest {lengths[-1]}"
    )
    found = [*faults(product), *words(trees)]
    if p90 > P90:
        found.append(f"nine of ten functions have at most {P90} lines")
    print("\n".join(found) or "shape: clean")
    raise SystemExit(bool(found))


def files() -> Iterator[Path]:
    """Yield the project's Python files, migrations left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name in sorted(listed.stdout.splitlines()):
        path = Path(name)
        if path.exists() and "versions" not in path.parts:
            yield path


def faults(product: dict[Path, ast.Module]) -> Iterator[str]:
    """Yield what is wrong with the product's files, functions and class names."""
    classes: dict[str, list[str]] = defaultdict(list)
    small = set()
    for path, tree in product.items():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONG_FILE:
            yield f"{path}: {lines} lines, at most {LONG_FILE}"
        if lines < SHORT_FILE and path.name != "__init__.py":
            small.add(str(path))
        if str(path) in small - SMALL.keys():
            yield f"{path}: {lines} lines; merge it, or give its reason in .ci/shape.py"
        for function in functions(tree):
            where = f"{path}:{function.lineno} {function.name}"
            yield from (f"{where}: {fault}" for fault in wrong(function))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                classes[node.name].append(str(path))
    yield from (f"{name}: needs no reason any more" for name in SMALL.keys() - small)
    for name, places in sorted(classes.items()):
        if len(places) > 1 and name not in TWICE:
            yield f"class {name} stands in {', '.join(places)}"


def words(trees: dict[Path, ast.Module]) -> Iterator[str]:
    """Yield the names that hold one of `WORDS`, but for tests: their names are sentences."""
    for path, tree in trees.items():
        for node in ast.walk(tree):
            for name in names(node):
                parts = re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower())
                if WORDS & set(parts) and parts[0] != "test":
                    yield f"{path}:{getattr(node, 'lineno', 1)} {name}"


def names(node: ast.AST) -> Iterator[str]:
    """Yield the names that a piece of syntax gives or uses."""
    for field in ("id", "arg", "attr", "name", "asname", "module"):
        name = getattr(node, field, None)
        if isinstance(name, str):
            yield name


def functions(tree: ast.Module) -> Iterator[Function]:
    """Yield every function of a module, methods and inner ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Return the lines of the body, docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def wrong(function: Function) -> Iterator[str]:
    """Yield what is wrong with one function."""
    if length(function) > LONGEST:
        yield f"{length(function)} lines, at most {LONGEST}"
    if not function.name.startswith("_") and not ast.get_docstring(function):
        yield "public without docstring"
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    untyped = [a.arg for a in arguments if a.annotation is None and a.arg not in {"self", "cls"}]
    if function.returns is None or untyped:
        yield "types are missing"


if __name__ == "__main__":
    main()
