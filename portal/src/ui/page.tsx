import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  title: string;
  /** What belongs beside the title: a button, a filter. */
  beside?: ReactNode;
  /** As wide as the screen: for agendas. */
  isWide?: boolean;
  children: ReactNode;
}

/** The content of a page. Its title takes the focus, so that whoever hears the page knows that they have come to another. */
export function Page({ title, beside, isWide = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Cabinet`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <main id="content" className={`mx-auto grid w-full content-start gap-6 px-4 py-6 ${isWide ? '' : 'max-w-4xl'}`}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
      </div>
      {children}
    </main>
  );
}

export const Card = ({ children, className = '' }: { children: ReactNode; className?: string }) => (
  <div className={`card rounded-card border bg-surface p-4 ${className}`}>{children}</div>
);
