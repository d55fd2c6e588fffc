import { describe, expect, it } from 'vitest';
import { news2 } from './news2.js';

const at = 0;
const point = (code: string, value: number) => ({ id: code, at, code, value });
const alone = (code: string, value: number, oxygenScale: 1 | 2 = 1) => news2([point(code, value)], at, oxygenScale);

// Both ends of every band of chart 1, in its order.
const chart: [name: string, code: string, scores: [value: number, points: number][]][] = [
  [
    'respiration rate',
    '9279-1',
    [
      [8, 3],
      [9, 1],
      [11, 1],
      [12, 0],
      [20, 0],
      [21, 2],
      [24, 2],
      [25, 3],
    ],
  ],
  [
    'oxygen saturation on scale 1',
    '59408-5',
    [
      [91, 3],
      [92, 2],
      [93, 2],
      [94, 1],
      [95, 1],
      [96, 0],
      [100, 0],
    ],
  ],
  [
    'inhaled oxygen',
    '3151-8',
    [
      [0, 0],
      [0.5, 2],
      [15, 2],
    ],
  ],
  [
    'systolic pressure',
    '8480-6',
    [
      [90, 3],
      [91, 2],
      [100, 2],
      [101, 1],
      [110, 1],
      [111, 0],
      [219, 0],
      [220, 3],
    ],
  ],
  [
    'pulse',
    '8867-4',
    [
      [40, 3],
      [41, 1],
      [50, 1],
      [51, 0],
      [90, 0],
      [91, 1],
      [110, 1],
      [111, 2],
      [130, 2],
      [131, 3],
    ],
  ],
  [
    'consciousness',
    '67775-7',
    [
      [0, 0],
      [1, 3],
      [4, 3],
    ],
  ],
  [
    'temperature',
    '8310-5',
    [
      [35, 3],
      [35.1, 1],
      [36, 1],
      [36.1, 0],
      [38, 0],
      [38.1, 1],
      [39, 1],
      [39.1, 2],
    ],
  ],
];

describe.each(chart)('NEWS2 of %s', (_, code, scores) => {
  it.each(scores)('%f is worth %i', (value, points) => {
    expect(alone(code, value).total).toBe(points);
    expect(alone(code, value).hasSingle3).toBe(points === 3);
  });
});

describe('NEWS2 on scale 2', () => {
  const saturations: [value: number, onAir: number, onOxygen: number][] = [
    [83, 3, 3],
    [84, 2, 2],
    [85, 2, 2],
    [86, 1, 1],
    [87, 1, 1],
    [88, 0, 0],
    [92, 0, 0],
    [93, 0, 1],
    [94, 0, 1],
    [95, 0, 2],
    [96, 0, 2],
    [97, 0, 3],
    [100, 0, 3],
  ];

  it.each(saturations)('%i is worth %i on air, and %i besides the 2 for oxygen', (value, onAir, onOxygen) => {
    const saturation = point('59408-5', value);
    expect(news2([saturation, point('3151-8', 0)], at, 2).total).toBe(onAir);
    expect(news2([saturation, point('3151-8', 2)], at, 2).total).toBe(onOxygen + 2);
  });

  it('a high saturation says nothing while it is not known whether oxygen is inhaled', () => {
    expect(alone('59408-5', 99, 2)).toMatchObject({ total: 0, missing: expect.arrayContaining(['inhaled-oxygen']) });
  });
});

it('NEWS2 rounds to what the chart has before it looks between two bands', () => {
  expect([36.04, 36.06, 38.04].map((value) => alone('8310-5', value).total)).toEqual([1, 0, 0]);
  expect([8.4, 8.6, 24.5].map((value) => alone('9279-1', value).total)).toEqual([3, 1, 3]);
});

it('NEWS2 goes by the last of two ways to measure a saturation', () => {
  const saturations = [
    { ...point('59408-5', 90), at: 1 },
    { ...point('2708-6', 98), at: 2 },
  ];
  expect(news2(saturations, 0, 1).total).toBe(0);
});
