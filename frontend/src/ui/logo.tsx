/** The mark: three lines of a ledger, and the one coin held between two parties. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#0b5f6b" />
      <path d="M8 9h16M8 16h11M8 23h16" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <circle cx="24" cy="16" r="2.4" fill="#f2b84b" />
    </svg>
  );
}
