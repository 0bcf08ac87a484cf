const texts = [
  '""',
  '"a"',
  '"aaaa"',
  '"a,b,c"',
  '"éèé"',
  '"😀a😀"',
  '"a😀b😀"',
  'input.number',
  'input.list',
]
const seconds = ['""', '"a"', '"aa"', '","', '"é"', '"😀"', '"zz"', 'input.null']

export const stringRows: readonly string[] = [
  ...texts.flatMap((text) =>
    seconds.flatMap((second) => [
      `indexof_n(${text}, ${second})`,
      `strings.count(${text}, ${second})`,
      ...[
        '0',
        '1',
        '2',
        '100',
        '-1',
        '-2',
        '-100',
        '1.0',
        '1.5',
        '9223372036854775807',
        '9223372036854775808',
        '-9223372036854775808',
      ].map((most) => `strings.split_n(${text}, ${second}, ${most})`),
    ]),
  ),
  ...['any_prefix_match', 'any_suffix_match'].flatMap((name) =>
    [
      '"abc"',
      '["abc", "xyz"]',
      '{"é😀"}',
      '[]',
      '""',
      '[""]',
      'input.list',
      'input.object',
      'input.number',
    ].flatMap((base) =>
      [
        '"a"',
        '"c"',
        '["x", "b"]',
        '{"z", "é"}',
        '"😀"',
        '[]',
        'set()',
        '""',
        '[""]',
        'input.list',
        'input.object',
        'input.null',
      ].map((affix) => `strings.${name}(${base}, ${affix})`),
    ),
  ),
]
