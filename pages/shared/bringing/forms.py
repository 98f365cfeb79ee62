"""What an admin does with files of their own: bring, answer, compare, publish, go back."""

from collections.abc import Iterator
from typing import Any, Literal

import streamlit as st

from pages.shared import blocks, formats, forms, frame
from pages.shared.bringing import sentences
from queries import incoming
from queries.incoming import Place, Upload

PLACE = "bringing"
# Of a long list the first ones stand on the page.
LISTED = 8
# Of a wide sheet so many columns can be corrected on the page.
COLUMNS = 60


def need() -> None:
    """What to have at hand, and whom to ask for it."""
    with blocks.card("What do I need?"):
        st.markdown("\n".join(f"- {line}" for line in sentences.NEED))
        st.caption("Three files, one workbook of three sheets, or a zip. More columns do no harm.")
        st.download_button(
            "A sample to look at and to try",
            data=incoming.example,
            file_name="sample_export.zip",
            on_click="ignore",
        )
        with st.expander("Whom do I ask for which export?", type="compact"):
            st.markdown("\n\n".join(sentences.WHOM_TO_ASK))


def bring(viewer) -> None:
    """Where files are dropped."""
    with (
        blocks.card("Bring the files"),
        st.form("bring_files", clear_on_submit=True, border=False),
    ):
        st.file_uploader(
            "All files at once, or a zip of them",
            accept_multiple_files=True,
            key="brought_files",
            help="A file over 200 MB: bring it as a zip, or one school year at a time.",
        )
        st.caption(
            "They stay on this machine, in a folder that only Roundtable's user can read, and are "
            "removed once they are published. Files brought before make way."
        )
        st.form_submit_button("Read these files", type="primary", on_click=_bring, args=(viewer,))


def _bring(viewer) -> None:
    files = st.session_state.get("brought_files") or []
    try:
        incoming.bring(viewer, [(one.name, one.getvalue()) for one in files])
    except incoming.NotTaken as problem:
        _answer("warning", str(problem))


def _answer(kind: str, words: str) -> None:
    st.session_state[f"said_{PLACE}"] = (kind, words)


def follow(upload: Upload) -> None:
    """Everything after the files are here: how far they are, and what to do next."""
    with blocks.card("Your files"):
        st.caption(formats.plain(sentences.brought(upload)))
        if upload.under_way():
            _progress(upload)
        elif upload.is_published():
            would = upload.found(incoming.CHANGES)
            upload.end()
            _answer("success", sentences.published(would))
            st.rerun()
        elif found := _found(upload, incoming.LOOK):
            _understood(upload, found)
        label = "Stop, and remove these files" if upload.under_way() else "Remove these files"
        st.button(label, key="remove_files", on_click=upload.end, type="tertiary")


@st.fragment(run_every=2.0)
def _progress(upload: Upload) -> None:
    """Drawn again by itself every other second, until what is under way has ended."""
    name = upload.under_way()
    if name is None:
        st.rerun()
    words = formats.plain(sentences.under_way(name, upload.state(name)))
    st.markdown(f":material/hourglass_top: {words}")


def _found(upload: Upload, name: str) -> dict[str, Any] | None:
    """What a command found; else says why there is nothing, if it was begun."""
    state = upload.state(name)
    if state is None:
        return None
    found = upload.found(name)
    if found is None:
        st.error(formats.plain(state.problem or incoming.UNFINISHED))
    elif "problem" in found:
        st.error(formats.plain(found["problem"]))
        return None
    return found


def _understood(upload: Upload, found: dict[str, Any]) -> None:
    for problem in found["problems"]:
        st.warning(formats.plain(problem))
    if found["is_foreign"]:
        if not any(one["holds"]["value"] for one in found["sheets"]):
            say_below = ", or say below what each one holds" if found["sheets"] else ""
            st.warning(
                "No file here says who was absent on which day. Bring one that does"
                f"{say_below}. What do I need? above says which."
            )
            _sheets(upload, found)
            return
        _questions(upload, found)
        _sheets(upload, found)
        if found["questions"]:
            st.caption("What would change is shown once everything above is answered.")
            return
    else:
        st.markdown("These files are as Roundtable itself writes them: nothing is left to answer.")
    _changes(upload)


# What it is taken for


class _Answers:
    """The fields of one form, by the place that each answers for, with what it showed."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.shown: dict[Place, tuple[str, Any]] = {}

    def choose(
        self, place: Place, label: str, options: list[str], value: str, words, **how
    ) -> None:
        """One of the options; an open one is chosen by nobody yet."""
        key = self._key(place, value)
        index = options.index(value) if value in options else None
        st.selectbox(
            formats.one_line(label), options, index, key=key, format_func=words,
            placeholder="Choose", **{"width": 480} | how,
        )  # fmt: skip

    def choose_or_type(self, place: Place, label: str, may_be: list[str], words) -> None:
        """One of the options; where there are none to choose from, in words."""
        if len(may_be) > 1:
            self.choose(place, label, may_be, "?", words)
        else:
            key = self._key(place, "")
            st.text_input(formats.one_line(label), key=key, placeholder="".join(may_be), width=480)

    def correct(self, place: Place, label: str, value: str) -> None:
        """Words that are taken for right until somebody writes others."""
        key = self._key(place, value)
        st.text_input(label, value, key=key, max_chars=100, width=480)

    def number(self, place: Place, label: str, most: int) -> None:
        key = self._key(place, None)
        st.number_input(label, 1, most, value=None, key=key, placeholder="A number", width=220)

    def _key(self, place: Place, value: Any) -> str:
        key = "|".join((self.upload.folder.name, *place))
        self.shown[place] = (key, value)
        return key

    def save(self, label: str, kind: Literal["primary", "secondary"] = "primary") -> None:
        name = "|".join(next(iter(self.shown), ()))
        st.button(label, key=f"save_{name}", type=kind, on_click=self._save)

    def _save(self) -> None:
        answers = {
            place: str(st.session_state[key])
            for place, (key, shown) in self.shown.items()
            if st.session_state.get(key) not in (None, "", shown)
        }
        if answers:
            self.upload.say(answers)


def _questions(upload: Upload, found: dict[str, Any]) -> None:
    """What has to be answered, before anything else."""
    blocks.heading(sentences.questions(found))
    answers = _Answers(upload)
    if school := found["conventions"].get("school"):
        answers.correct(("rule", "school"), "Name of the school", school["value"])
    if not found["questions"]:
        if school:
            answers.save("Take this name", kind="secondary")
        blocks.small(sentences.answered(found))
        return
    for name, one in found["conventions"].items():
        if one["value"] == "?":
            _ask_for_rule(answers, name, one, found)
    for one in found["sheets"]:
        _ask_of_sheet(answers, one)
    with st.container(key="open_codes"):
        for one in found["codes"]:
            if one["counts_as"]["value"] == "?":
                label, ways = sentences.open_code(one), list(incoming.WAYS)
                answers.choose(("code", one["code"]), label, ways, "?", sentences.way)
        for one in found["answers"]:
            if one["counts_as"]["value"] == "?":
                place = ("answer", one["scale"], one["answer"])
                label = f"Answer {one['answer']}: {one['counts_as']['why']}"
                answers.choose_or_type(place, label, one["counts_as"]["may_be"], sentences.choice)
    answers.save("Take these answers")


def _ask_for_rule(answers: _Answers, name: str, one: dict[str, Any], found: dict[str, Any]) -> None:
    place, label = ("rule", name), sentences.rule(name, one, found)
    if one["may_be"] == ["a number"]:
        answers.number(place, label, 1000)
    elif name in ("school_days", "enrolled"):
        answers.choose(place, label, one["may_be"], "?", sentences.choice)
    else:
        answers.choose_or_type(place, label, one["may_be"], sentences.choice)
    if name in sentences.HINTS:
        st.caption(sentences.HINTS[name])


def _ask_of_sheet(answers: _Answers, one: dict[str, Any]) -> None:
    where, title = (one["file"], one["sheet"]), sentences.title(one)
    if one["holds"]["value"] == "?":
        options = ["", *incoming.may_hold()]
        label = sentences.open_sheet(one)
        answers.choose(("holds", *where), label, options, "?", sentences.holds)
    for kind, part in (("column", "columns"), ("date", "dates"), ("whole", "whole"),
                       ("survey", "survey"), ("item", "items")):  # fmt: skip
        for name, meaning in one[part].items():
            if meaning["value"] == "?":
                words = sentences.column if kind == "column" else sentences.choice
                label = f"{title}, {name}: {meaning['why']}"
                unused = [""] if kind == "column" else []
                may_be = [*unused, *meaning["may_be"]]
                answers.choose_or_type((kind, *where, name), label, may_be, words)


def _sheets(upload: Upload, found: dict[str, Any]) -> None:
    """Every sheet and every code as it is understood, to be corrected."""
    for number, one in enumerate(found["sheets"]):
        key = f"sheet_{upload.folder.name}_{number}"
        forms.fold(formats.plain(sentences.sheet(one)), key, _sheet, upload, one)
    if found["codes"]:
        label = formats.plain(sentences.codes(found["codes"]))
        forms.fold(label, f"codes_{upload.folder.name}", _codes, upload, found["codes"])


def _sheet(upload: Upload, one: dict[str, Any]) -> None:
    where, holds = (one["file"], one["sheet"]), one["holds"]["value"]
    st.dataframe(
        sentences.first_rows(one),
        hide_index=True,
        alt=f"The first rows of {sentences.title(one)}",
        placeholder="",
    )
    st.caption("The first rows. Names, and words that somebody wrote, are left out.")
    answers = _Answers(upload)
    kinds = list(dict.fromkeys(["", *incoming.may_hold(), holds]))
    answers.choose(("holds", *where), "It holds", kinds, holds, sentences.holds)
    taken = [meaning["value"] for meaning in one["columns"].values()]
    fields = list(dict.fromkeys(["", *incoming.may_mean(holds), *taken]))
    with st.grid(3, min_column_width=200):
        for name, meaning in _columns(one):
            answers.choose(
                ("column", *where, name), sentences.to_check(name, meaning), fields,
                meaning["value"], sentences.column,
                help=formats.plain(meaning["why"]), width="stretch",
            )  # fmt: skip
        for name, meaning in one["dates"].items():
            answers.choose(
                ("date", *where, name), f"{name}: how its days are written",
                list(meaning["may_be"]) or [meaning["value"]], meaning["value"], sentences.choice,
                help=formats.plain(meaning["why"]), width="stretch",
            )  # fmt: skip
    answers.save("Correct this file")


def _columns(one: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those that can be corrected: not the marks of days and periods, of which there are many."""
    asked = [pair for pair in one["columns"].items() if pair[1]["value"] != "marks"]
    yield from asked[:COLUMNS]


def _codes(upload: Upload, codes: list[dict[str, Any]]) -> None:
    answers = _Answers(upload)
    with st.grid(2, min_column_width=280):
        for one in codes:
            answers.choose(
                ("code", one["code"]), sentences.code(one), list(incoming.WAYS),
                one["counts_as"]["value"], sentences.way, width="stretch",
            )  # fmt: skip
    answers.save("Correct these codes")


# What would change, and publishing


def _changes(upload: Upload) -> None:
    would = _found(upload, incoming.CHANGES)
    add = incoming.may_add() and st.radio(
        "What do these files hold?",
        list(sentences.WHOLE_OR_PART),
        index=int(would["add"]) if would else 0,
        format_func=sentences.WHOLE_OR_PART.get,
        key=f"add_{upload.folder.name}",
    )
    if would is None or would["add"] != add:
        st.button(
            "See what would change", type="primary", on_click=upload.compare, kwargs={"add": add}
        )
        return
    blocks.heading(sentences.changes(would))
    refused = sentences.findings(would, "refused")
    _list(refused)
    if would["schools"]:
        st.caption(formats.plain(sentences.compared(would)))
        figures = ["students", "students_absent", "rate"]
        if would["years"][1]:
            figures += [f"{name}_before" for name in figures]
        blocks.open_table(
            sentences.schools(would),
            ["school_name", *figures],
            alt="Students and chronic absence by school, as they would be and as they are now",
        )
    aside = sentences.findings(would, "set_aside", "repaired", "noted")
    if aside:
        with st.expander(f"What was found ({formats.count(len(aside))})", type="compact"):
            _list(aside)
    if not refused:
        _publish(upload, would)


def _list(found: list[str]) -> None:
    lines = [f"- {formats.plain(words)}" for words in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(f"- And {formats.count(len(found) - LISTED)} more.")
    st.markdown("\n".join(lines))


def _publish(upload: Upload, would: dict[str, Any]) -> None:
    """Losses are accepted by choice alone."""
    accepted = True
    if would["losses"]:
        blocks.heading("Less than what is published now")
        _list(would["losses"])
        accepted = st.checkbox("This is right: publish it all the same", key="accept_losses")
    load = _found(upload, incoming.LOAD)
    if load is not None:
        st.error("Not published, and what was published before is still shown.")
        _list(sentences.findings(load, "refused"))
    st.button(
        "Publish",
        type="primary",
        disabled=not accepted,
        on_click=upload.publish,
        kwargs={"accept_losses": bool(would["losses"]), "add": would["add"]},
    )


def earlier(viewer) -> None:
    """The data that were published before, to go back to."""
    forms.fold("Go back to earlier data", "earlier_data", _earlier, viewer)


def _earlier(viewer) -> None:
    kept = incoming.generations(viewer)
    for one in kept:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(formats.plain(sentences.earlier(one)))
            if one.published:
                st.caption("shown now")
            elif one.loaded_at:
                st.button("Show this", key=one.name, on_click=_go_back, args=(viewer, one.name))
    st.caption("The newest four are kept. What people wrote stays as it is.")


def _go_back(viewer, name: str) -> None:
    try:
        incoming.go_back(viewer, name)
    except (FileNotFoundError, OSError) as problem:
        _answer("error", f"Not done: {problem}.")
    else:
        _answer("success", "Done: every page shows these data now.")


def answer() -> None:
    """What became of what was done last, and where other data can be seen since."""
    kind, _ = st.session_state.get(f"said_{PLACE}", (None, ""))
    forms.answer(PLACE)
    if kind == "success":
        frame.link("app.py", "See it on Overview")
