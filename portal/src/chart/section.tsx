import { type ReactNode, useState } from 'react';
import { Notice } from '../ui/notice.tsx';

interface Props {
  title: string;
  /** What was just done. */
  said?: string;
  children: ReactNode;
}

export const Section = ({ title, said, children }: Props) => (
  <section className="grid gap-3">
    <h2>{title}</h2>
    {said && <Notice look="good" role="status" title={said} />}
    {children}
  </section>
);

interface CardsProps<T> {
  items: readonly T[];
  children: (item: T) => ReactNode;
}

export const Cards = <T extends { id: string }>({ items, children }: CardsProps<T>) => (
  <ul className="grid gap-2">
    {items.map((each) => (
      <li key={each.id}>{children(each)}</li>
    ))}
  </ul>
);

/** The entry that a form is open for: also when somebody else has taken it out of the list meanwhile, so that who types is told. */
export function useOpened<T extends { id: string }>(items: readonly T[]) {
  const [opened, open] = useState<T>();
  const found = items.find(({ id }) => id === opened?.id);
  return { entry: found ?? opened, isGone: !found, open, close: () => open(undefined) };
}
