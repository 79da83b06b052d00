"""Measures the code's shape and refuses what is out of it; standard library only.

Bars: median function at most 5 lines, nine of ten at most 20, none over 60; no file over 300
lines; every public function documented, every function typed. Docstrings do not count as lines.
"""

import ast
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

MEDIAN, P90, LONGEST, FILE = 5, 20, 60, 300
Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    """Print the figures; end with 1 when a bar is broken."""
    lengths, faults = [], []
    for path in files():
        text = path.read_text(encoding="utf-8")
        lines = len(text.splitlines())
        if lines > FILE:
            faults.append(f"{path}: {lines} lines, at most {FILE}")
        for function in functions(ast.parse(text)):
            lengths.append(length(function))
            faults += [
                f"{path}:{function.lineno} {function.name}: {fault}" for fault in wrong(function)
            ]
    lengths.sort()
    median, p90 = statistics.median(lengths), lengths[int(len(lengths) * 0.9)]
    print(f"{len(lengths)} functions: median {median:g} lines, p90 {p90}, longest {lengths[-1]}")
    if median > MEDIAN or p90 > P90:
        faults.append(f"median at most {MEDIAN}, p90 at most {P90}")
    print("\n".join(faults) or "shape: clean")
    raise SystemExit(bool(faults))


def files() -> Iterator[Path]:
    """Yield the product's Python files, tests and migrations left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        path = Path(name)
        if path.exists() and "tests" not in path.parts and "versions" not in path.parts:
            yield path


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
