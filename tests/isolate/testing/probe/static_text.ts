import text from "../other/secret.txt" with { type: "text" };

export default text;
