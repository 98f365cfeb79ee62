// A field of a form sends nothing until something is pressed beside it, and the menu takes along
// nothing that was not sent: a note that somebody typed and left at once would be lost. So a link to
// another page waits until what was typed has arrived at the server, which keeps it for this sign-in
// alone. Nothing of it is kept in the browser: the next person at it may be somebody else.
const FORM = "[class*=st-key-form_]";
const typed = new Set();
let told;
let send;
let link;

function isText(field) {
    return field.matches?.("textarea, input[type=text], input:not([type])");
}

function isUnsent() {
    return [...typed].some((field) => field.isConnected);
}

function isUnsaved() {
    return [...typed].some((field) => field.isConnected && field.value.trim() && field.closest(FORM));
}

function note({ target }) {
    if (isText(target)) {
        typed.add(target);
    }
}

function leave(event) {
    const pressed = event.target.closest?.("a, button");
    if (pressed?.matches("button")) {
        // What is saved is not lost; what could not be saved was sent.
        const form = pressed.closest(FORM);
        typed.forEach((field) => form?.contains(field) && typed.delete(field));
        return;
    }
    const goesOn = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
    // Who presses again does not wait.
    if (!pressed?.closest("[data-testid=stPageLink]") || goesOn || pressed === link || !isUnsent()) {
        return;
    }
    event.preventDefault();
    event.stopPropagation();
    link = pressed;
    // A field tells its page what it holds when it is left.
    document.activeElement.blur();
    setTimeout(() => send("leaves", Date.now()));
}

// Closed or asked for anew, the page would be without what was typed. A page that is emptied because
// its sign-in ended is not held up by words.
function ask(event) {
    if (isUnsaved() && !document.documentElement.dataset.ended) {
        event.preventDefault();
    }
}

document.addEventListener("input", note, true);
document.addEventListener("click", leave, true);
window.addEventListener("beforeunload", ask);

export default function ({ data, setTriggerValue }) {
    send = setTriggerValue;
    if (link && data.leaves && data.leaves !== told) {
        typed.clear();
        link.click();
        link = undefined;
    }
    told = data.leaves;
}
