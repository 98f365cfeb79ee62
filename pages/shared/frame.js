// A page of somebody else that shows Roundtable in a frame could let a reader press our buttons
// without knowing it. In a frame nothing of it is left.
export default function () {
    if (window.self !== window.top) {
        document.documentElement.hidden = true;
        window.location.replace("about:blank");
    }
}
