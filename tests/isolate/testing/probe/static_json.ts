import secret from "../other/secret.json" with { type: "json" };

export default secret.secret;
