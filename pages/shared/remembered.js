// A cookie is the one thing that a browser keeps and tells the server before a page is drawn.
const A_YEAR = 365 * 24 * 60 * 60;

export default function ({ data }) {
    const secure = window.location.protocol === "https:" ? "; Secure" : "";
    for (const [name, value] of Object.entries(data)) {
        const age = value ? A_YEAR : 0;
        document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Strict${secure}`;
    }
}
