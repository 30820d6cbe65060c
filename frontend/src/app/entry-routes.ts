import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root, type Search, text } from './root-route';

/** The pages before a seat is taken. */
export const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Search): { back?: string } => ({ back: text(search, 'back') }),
  component: lazyRouteComponent(() => import('../features/auth/sign-in'), 'SignIn'),
});
export const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('../features/auth/sign-up'), 'SignUp'),
});

export const forgotten = createRoute({
  getParentRoute: () => root,
  path: '/forgotten-password',
  component: lazyRouteComponent(() => import('../features/auth/forgotten'), 'Forgotten'),
});
export const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('../features/auth/reset'), 'Reset'),
});
export const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('../features/auth/verify'), 'VerifyEmail'),
});
export const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../features/auth/invitation'), 'Invitation'),
});
export const noSeat = createRoute({
  getParentRoute: () => root,
  path: '/no-seat',
  component: lazyRouteComponent(() => import('../features/auth/no-seat'), 'NoSeat'),
});
export const firstAdmin = createRoute({
  getParentRoute: () => root,
  path: '/first-admin',
  component: lazyRouteComponent(() => import('../features/auth/first-admin'), 'FirstAdmin'),
});
