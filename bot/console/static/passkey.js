"use strict";
// A passkey is made or signs when a button that says so is pressed; the rest of the console needs
// no script. Browsers of two years ago lack parseRequestOptionsFromJSON: bytes are turned here.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function answer(kind, address) {
  const asked = await fetch(address, { headers: { Accept: "application/json" } });
  if (!asked.ok || asked.redirected) throw new Error("asked in vain");
  const options = await asked.json();
  options.challenge = bytes(options.challenge);
  for (const list of [options.allowCredentials, options.excludeCredentials])
    for (const one of list ?? []) one.id = bytes(one.id);
  if (options.user) options.user.id = bytes(options.user.id);
  const made = await navigator.credentials[kind]({ publicKey: options });
  const response = { clientDataJSON: text(made.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (made.response[name]) response[name] = text(made.response[name]);
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
}

for (const button of document.querySelectorAll("button[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const form = button.form;
  const told = form.querySelector("[data-failed]");
  for (const one of form.querySelectorAll("[data-scripted]")) one.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    told.hidden = true;
    button.disabled = true;
    try {
      form.elements[button.dataset.into].value = await answer(button.dataset.passkey, button.dataset.ask);
      form.submit();
    } catch {
      told.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}
