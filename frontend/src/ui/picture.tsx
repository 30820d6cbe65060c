import { useState } from 'react';

const HUES = [186, 28, 262, 142, 342, 212];

/** A product picture, or a quiet tile with its initials where there is none. */
export function Picture({
  src,
  title,
  className = 'picture',
}: {
  src: string | null | undefined;
  title: string;
  className?: string;
}) {
  const [broken, setBroken] = useState(false);
  const hue = HUES[[...title].reduce((sum, c) => sum + (c.codePointAt(0) ?? 0), 0) % HUES.length] ?? 186;
  if (src && !broken)
    return <img className={className} src={src} alt="" loading="lazy" onError={() => setBroken(true)} />;
  return (
    <svg className={className} viewBox="0 0 160 100" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
      <rect width="160" height="100" fill={`hsl(${hue} 24% 86%)`} />
      <path d="M80 22l34 16v28L80 82 46 66V38z" fill={`hsl(${hue} 26% 72%)`} />
      <path d="M80 22l34 16-34 15-34-15z" fill={`hsl(${hue} 30% 80%)`} />
      <path d="M80 53v29L46 66V38z" fill={`hsl(${hue} 24% 64%)`} />
    </svg>
  );
}
