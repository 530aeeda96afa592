// Text becomes markup, or the address of a script, only through here: markup that would run something and scripts of
// other sites are refused, whatever asks for them. Browsers without such policies know nothing of it.
if (window.trustedTypes) {
  const runs = /<(?:script|object|embed|base)\b|<[^>]*[\s"'/]on[a-z]+\s*=|<[^>]*javascript:/i;
  window.trustedTypes.createPolicy("default", {
    createHTML: (text) => (runs.test(text) ? null : text),
    createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
  });
}
