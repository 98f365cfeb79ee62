// A page of somebody else that shows Roundtable in a frame could let a reader press our buttons
// without knowing it. In a frame nothing of it is left. And where people sign in, nothing is left on
// a screen for longer than its sign-in goes on: the page looks whether it does, which is no use of
// it, and is asked for anew where it does not, or where somebody else signed in meanwhile.
// It looks when its own time is over, and every so often, as other pages may have prolonged it.
const LOOKS_EVERY_MS = 20_000;
let every;
let once;

async function mayStay(account, until) {
    const answer = await fetch("/signed-in").catch(() => null);
    if (answer?.ok) {
        return (await answer.text()) === account;
    }
    // A server that is begun anew is no reason to lose what somebody types.
    return answer?.status !== 401 && Date.now() < until;
}

export default function ({ data }) {
    clearInterval(every);
    clearTimeout(once);
    if (data.seconds) {
        const until = Date.now() + 1000 * data.seconds;
        const look = async () => {
            if (!(await mayStay(data.account, until))) {
                // Nobody is asked whether to stay, see typed.js.
                document.documentElement.dataset.ended = "yes";
                window.location.reload();
            }
        };
        every = setInterval(look, LOOKS_EVERY_MS);
        once = setTimeout(look, 1000 * (data.seconds + 3));
    }
    if (window.self !== window.top) {
        document.documentElement.hidden = true;
        window.location.replace("about:blank");
    }
}
