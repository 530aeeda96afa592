// Text becomes markup, or the address of a script, only through here: markup that would run something and scripts of
// other sites are refused, whatever asks for them. Browsers without such policies know nothing of it.
if (window.trustedTypes) {
  const tags = /<([a-z][^\s"'>/]*)((?:=\s*"[^"]*"|=\s*'[^']*'|[^>])*)/gi;
  const values = /=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/g;
  const runs = ([, name, rest]) =>
    /^(?:script|object|embed|base)$/i.test(name) || /[\s/](?:on[a-z]+|srcdoc)\s*=/i.test(rest.replace(values, "= "));
  window.trustedTypes.createPolicy("default", {
    createHTML: (text) => ([...text.matchAll(tags)].some(runs) ? null : text),
    createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
  });
}
