// The list of students, in rows of our own: a grid of Streamlit's is a picture, which a screen reader
// cannot read row by row. Every word is set as text, so that none of it is ever markup. Tab leads to
// one row and on; from row to row the arrows lead, as there may be hundreds.
const SVG = "http://www.w3.org/2000/svg";
const DAY = 4, HIGH = 14;

function made(name, properties = {}, ...inside) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
}

// A mark for each of the last school days: missed, missed in part, there, or not counted.
function marks(row) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", row.lately);
    svg.setAttribute("viewBox", `0 0 ${DAY * 20} ${HIGH}`);
    [...row.days.padStart(20)].forEach((day, place) => {
        const height = { "|": HIGH, "-": HIGH / 2, ".": 2 }[day];
        if (!height) return;
        const mark = document.createElementNS(SVG, "rect");
        mark.setAttribute("class", day === "." ? "there" : "missed");
        mark.setAttribute("x", DAY * place);
        mark.setAttribute("y", HIGH - height);
        mark.setAttribute("width", DAY - 1);
        mark.setAttribute("height", height);
        svg.append(mark);
    });
    return svg;
}

function rowOf(row) {
    const box = made("input", { type: "checkbox", ariaLabel: `Tick ${row.name}` });
    const name = made("button", { type: "button", textContent: row.name });
    const line = made(
        "tr",
        { title: row.brief },
        made("td", {}, made("label", {}, box)),
        made("td", { className: "name" }, name),
        made("td", { textContent: row.grade }),
        made("td", { textContent: row.missed }),
        made("td", {}, marks(row)),
        made("td", { className: "known", textContent: row.known }),
    );
    line.dataset.student = row.id;
    return line;
}

function headOf(group, columns) {
    const head = made("th", { colSpan: columns, scope: "rowgroup", textContent: group.heading });
    if (group.question) head.append(made("small", { textContent: group.question }));
    return made("tr", { className: "group" }, head);
}

function build(data) {
    const heads = data.columns.map((words) => made("th", { scope: "col", textContent: words }));
    const table = made(
        "table",
        { ariaLabel: data.label },
        made("thead", {}, made("tr", {}, ...heads)),
    );
    for (const group of data.groups) {
        const body = made("tbody");
        if (group.heading) body.append(headOf(group, heads.length));
        body.append(...group.rows.map(rowOf));
        table.append(body);
    }
    return table;
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
    const list = parentElement.querySelector(".students-list");
    const kept = (list.kept ??= { version: null, words: "", chosen: null });
    list.style.height = `${data.height}px`;
    list.style.setProperty("--absent", data.color);
    // Ticks are the reader's, until the page takes them away or puts them back.
    if (kept.version !== data.version) {
        kept.version = data.version;
        kept.ticked = new Set(data.ticked);
    }
    const words = JSON.stringify([data.label, data.columns, data.groups]);
    if (kept.words !== words) {
        const [top, held] = [list.scrollTop, parentElement.activeElement];
        const student = list.contains(held) && held.closest("tr")?.dataset.student;
        const kind = held?.tagName;
        list.replaceChildren(build(data));
        list.scrollTop = top;
        kept.words = words;
        if (student) {
            const same = lines().find((line) => line.dataset.student === student);
            same?.querySelector(kind)?.focus({ preventScroll: true });
        }
    }

    function lines() {
        return [...list.querySelectorAll("tr[data-student]")];
    }

    // Only one row is reached by Tab: that of the student who stands beside the list, or the first.
    function mark() {
        const all = lines();
        const current = all.find((line) => line.dataset.student === kept.chosen) ?? all[0];
        for (const line of all) {
            const is = line.dataset.student === kept.chosen;
            line.toggleAttribute("data-chosen", is);
            line.querySelector("button").setAttribute("aria-current", is);
            const box = line.querySelector("input");
            box.checked = kept.ticked.has(line.dataset.student);
            box.tabIndex = line.querySelector("button").tabIndex = line === current ? 0 : -1;
        }
        return current;
    }

    const isTurned = kept.chosen !== data.chosen;
    kept.chosen = data.chosen;
    const current = mark();
    if (isTurned && current) {
        // Within the list alone: the page stays where it is.
        const head = list.querySelector("thead").offsetHeight;
        const [above, below] = [current.offsetTop - head, current.offsetTop + current.offsetHeight];
        if (above < list.scrollTop) list.scrollTop = above;
        if (below > list.scrollTop + list.clientHeight) list.scrollTop = below - list.clientHeight;
    }

    list.onchange = ({ target }) => {
        const student = target.closest("tr").dataset.student;
        kept.ticked[target.checked ? "add" : "delete"](student);
        mark();
        setStateValue("ticked", { version: kept.version, students: [...kept.ticked] });
    };
    list.onclick = ({ target }) => {
        const line = target.closest("tr[data-student]");
        if (!line || target.closest("label")) return;
        kept.chosen = line.dataset.student;
        mark();
        setTriggerValue("opened", kept.chosen);
        // On a phone the student stands below the list.
        const beside = document.querySelector(".st-key-one_student");
        if (beside?.getBoundingClientRect().top > list.getBoundingClientRect().bottom) {
            beside.scrollIntoView();
        }
    };
    list.onkeydown = (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const line = event.target.closest("tr[data-student]");
        if (!step || !line || event.shiftKey || event.ctrlKey || event.altKey) return;
        const all = lines();
        const next = all[all.indexOf(line) + step];
        event.preventDefault();
        next?.querySelector(event.target.tagName).focus();
    };
}
