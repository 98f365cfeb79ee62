// A page of somebody else that shows Roundtable in a frame could let a reader press our buttons
// without knowing it. In a frame nothing of it is left. And where people sign in, nothing is left on
// a screen for longer than a sign-in goes on without a click: the page is asked for anew.
let ends;

export default function ({ data }) {
    clearTimeout(ends);
    if (data.seconds) {
        ends = setTimeout(() => window.location.reload(), 1000 * (data.seconds + 5));
    }
    if (window.self !== window.top) {
        document.documentElement.hidden = true;
        window.location.replace("about:blank");
    }
}
