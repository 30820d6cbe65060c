import type { ReactNode } from 'react';
import { Logo } from '../../ui/logo';
import './auth.css';

export function AuthFrame({
  title,
  lead,
  preferences,
  children,
}: {
  title: string;
  lead: string;
  preferences?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="auth">
      <div className="auth-head">
        <span className="brand">
          <Logo /> Entrepot
        </span>
        {preferences}
      </div>
      <div className="auth-card panel">
        <div>
          <h1>{title}</h1>
          <p className="dim tight">{lead}</p>
        </div>
        {children}
      </div>
    </main>
  );
}
