import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Curve, CurvePoint } from '../api/types.ts';
import { CurveChart } from './curve-chart.tsx';
import { CurveTable } from './curve-table.tsx';

const at = (hour: number) => `2026-11-23T${String(hour).padStart(2, '0')}:00:00Z`;
const reading = (hour: number, value: number, more: Partial<CurvePoint> = {}): CurvePoint => ({
  ...{ at: at(hour), id: `reading-${hour}`, value, certainty: 'sure', flags: [] },
  ...more,
});
const curve: Curve = {
  ...{ code: '8867-4', name: 'Heart rate', unit: '/min', kind: 'level', resolution: 'raw', zone: 'Europe/Paris' },
  ...{ patientId: 'p', from: at(0), to: at(12), gaps: [{ from: at(3), to: at(8) }] },
  items: [
    reading(2, 70),
    reading(3, 134),
    reading(8, 72, { certainty: 'doubtful' }),
    reading(9, 71, { flags: ['typed'] }),
  ],
};

it('says in words what it shows, gaps and what is doubtful too, in the language of the reader', () => {
  const english = show(<CurveChart curve={curve} />).container.textContent;
  expect(english).toContain('Pulse: 4 readings, from 70/min to 134/min, the last 71/min; 1 gap without any');
  expect(english).toContain('Nothing came: nothing is drawn there');
  expect(english).toContain('it counts for nothing');
});

it('draws one line before the gap and another after it, and the limits of a rule with their values', () => {
  const limits = [{ value: 120 }, { value: 110, isClear: true }];
  const { container } = show(<CurveChart curve={curve} limits={limits} />);
  expect(container.querySelectorAll('path.stroke-accent')).toHaveLength(2);
  expect(container.querySelectorAll('path.stroke-bad')).toHaveLength(1);
  expect(container.textContent).toContain('120/min');
  expect(container.textContent).toContain('over again at 110/min');
});

it('is hidden from who hears the page, who has its words and its table', () => {
  const { container } = show(<CurveChart curve={curve} />);
  expect(container.querySelector('svg')?.closest('[aria-hidden=true]')).not.toBeNull();
});

it('has each reading and each gap in its table, the latest first, with what is known of it', () => {
  const rows = show(<CurveTable curve={curve} name="Pulse" />).getAllByRole('row');
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringContaining('When'),
    expect.stringMatching(/71\/min.*typed by somebody/),
    expect.stringMatching(/72\/min.*perhaps of somebody else/),
    expect.stringMatching(/^Nothing came from .* to /),
    expect.stringMatching(/134\/min/),
    expect.stringMatching(/70\/min/),
  ]);
});

it('shows the last fifty lines of a long table, and all of them to who asks', () => {
  const items = Array.from({ length: 120 }, (_, nth) => ({
    ...reading(0, nth),
    id: `r-${nth}`,
    at: new Date(Date.parse(at(0)) + nth * 60_000).toISOString(),
  }));
  const page = show(<CurveTable curve={{ ...curve, items, gaps: [] }} name="Pulse" />);
  expect(page.getAllByRole('row')).toHaveLength(51);
  expect(page.getByRole('button').textContent).toBe('Show all 120');
});
