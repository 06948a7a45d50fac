// Parses URLs like Go's net/url ParseRequestURI: absolute, or a path from the root.

export interface Url {
  readonly text: string;
  readonly scheme: string;
  /** Including the port. */
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly escapedPath: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
}

export function parseUrl(text: string): Url | undefined {
  if (text === '' || /[\x00-\x1f\x7f]/.test(text)) return undefined;
  const schemed = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text);
  const scheme = schemed ? schemed[1]!.toLowerCase() : '';
  const whole = schemed ? schemed[2]! : text;
  if (!schemed && text !== '*' && !text.startsWith('/')) return undefined;
  // The request form has no fragment: the text after `#` must be valid as part of the path or query.
  const [beforeQuery = '', ...rest] = whole.split('?');
  if (schemed && !beforeQuery.startsWith('/')) return url(text, scheme, '', '', rest.join('?'));
  const hasAuthority = beforeQuery.startsWith('//') && (schemed !== null || !beforeQuery.startsWith('///'));
  const slash = hasAuthority ? beforeQuery.indexOf('/', 2) : 0;
  const authority = hasAuthority ? beforeQuery.slice(2, slash === -1 ? undefined : slash) : '';
  const path = hasAuthority ? (slash === -1 ? '' : beforeQuery.slice(slash)) : beforeQuery;
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  if (!isUser(authority.slice(0, Math.max(at, 0))) || !isHost(host) || !hasGoodEscapes(path)) return undefined;
  return url(text, scheme, host, path, rest.join('?'));
}

function url(text: string, scheme: string, host: string, rawPath: string, rawQuery: string): Url {
  const [path = ''] = rawPath.split('#');
  const [query = ''] = rawPath.includes('#') ? [''] : rawQuery.split('#');
  const [, name = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host) ?? [];
  const hostname = unescapePercent(name.replace(/^\[|\]$/g, ''));
  return {
    text,
    scheme,
    host: unescapePercent(host),
    hostname,
    port,
    escapedPath: escapePath(path),
    query: queryOf(query),
  };
}

function isUser(user: string): boolean {
  return /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) && hasGoodEscapes(user);
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return /^\[[^[\]]*\](:\d*)?$/.test(host);
  const colon = host.indexOf(':');
  if (colon !== -1 && !/^\d*$/.test(host.slice(colon + 1))) return false;
  return !/[ "<>\\^`{|}]/.test(host) && hasGoodEscapes(host) && !/%[0-7]/.test(host);
}

function hasGoodEscapes(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}

function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Unchanged where it is validly escaped; otherwise escaped again. */
function escapePath(path: string): string {
  if (/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/[\]]|%[0-9a-fA-F]{2})*$/.test(path)) return path;
  return encodeURI(unescapePercent(path)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function queryOf(query: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const part of query.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const equals = part.indexOf('=');
    const [name, value] = (equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]).map((text) =>
      text.replaceAll('+', ' '),
    ) as [string, string];
    if (!hasGoodEscapes(name) || !hasGoodEscapes(value)) continue;
    const key = unescapePercent(name);
    values.set(key, [...(values.get(key) ?? []), unescapePercent(value)]);
  }
  return values;
}
