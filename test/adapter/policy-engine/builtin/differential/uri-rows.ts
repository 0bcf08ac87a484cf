/** URIs and queries: `uri.*`, `urlquery.*`. */
const uris = [
  ...[
    'https://a.example/b?c=d#e',
    'HTTPS://A.example:8443/%7Eb/../c',
    'mailto:a@b.example',
    '/only/path',
    '',
  ],
  ...[
    'http://[::1]:80/x',
    'http://[::1',
    'http://user:pass@host/',
    'http://a b/',
    'http://a/%zz',
    'a:b:c',
    '1a://x',
  ],
  ...[
    'http://host:port/',
    'urn:isbn:1',
    '//host/path',
    '?q',
    '#f',
    'http://a/b%2Fc',
    'file:///etc/x',
    'http://h:/',
  ],
  ...[
    'http://é.example/ü',
    'http://a/\\u0000',
    'https://x.example/?a=b;c',
    'http://%41/',
    '*',
    'http://[fe80::1%25en0]/',
  ],
]
const texts = [
  '',
  'a b',
  'a+b',
  '%41',
  '%zz',
  'é/ü?',
  "!'()*~-._",
  'a=b&c',
  '\\u0000',
  '😀',
  '%F0%9F%98%80',
  '%ff',
]
const queries = [
  ...['a=b', 'a=b&a=c', 'a', '=b', '&&', 'a=b=c', 'a;b', 'a=%zz', 'a+b=c+d', '%61=%62', ''],
]
const objects = [
  ...[
    '{"a": "b"}',
    '{"b": "1", "a": "2"}',
    '{"a": ["x", "y"]}',
    '{"a": {"y", "x"}}',
    '{}',
    '{"a b": "c&d"}',
  ],
  ...['{"é": "ü"}', '{"a": []}'],
  // The compiler must not know what these are.
  ...['{"a": 1}', '{"a": ["x", 1]}', '{"a": {"b": "c"}}'].map(
    (json) => `json.unmarshal(\`${json}\`)`,
  ),
]

export const uriRows: readonly string[] = [
  ...uris.flatMap((uri) => [`uri.parse("${uri}")`, `uri.is_valid("${uri}")`]),
  'uri.is_valid(input.number)',
  ...texts.flatMap((text) => [`urlquery.encode("${text}")`, `urlquery.decode("${text}")`]),
  ...queries.map((query) => `urlquery.decode_object("${query}")`),
  ...objects.map((object) => `urlquery.encode_object(${object})`),
]
