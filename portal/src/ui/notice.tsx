import type { ReactNode, Ref } from 'react';

const looks = {
  plain: 'border-line bg-surface',
  good: 'border-good bg-good-paper',
  warn: 'border-warn bg-warn-paper',
  bad: 'border-bad bg-bad-paper',
} as const;

interface Props {
  look?: keyof typeof looks;
  title?: ReactNode;
  children?: ReactNode;
  /** Spoken when it appears: at once (`alert`), or when there is a pause (`status`). */
  role?: 'alert' | 'status';
  ref?: Ref<HTMLDivElement>;
}

export const Notice = ({ look = 'plain', title, children, role, ref }: Props) => (
  <div ref={ref} role={role} className={`grid gap-2 rounded-card border-l-4 p-4 ${looks[look]}`}>
    {title && <p className="font-semibold">{title}</p>}
    {children}
  </div>
);
