import { Datatype } from './stat';

/** What is seen of complex numbers as a real one, as the kernel calls it. */
export const components = ['amplitude', 'phase', 'real', 'imaginary'];

/** Reports whether values have these components. */
export function isComplex(type: { class: string } | undefined): boolean {
  return type?.class === 'complex';
}

/** Is what is seen of a dataset, or of a column of it: a component where there are any. */
export function componentOf(type: Datatype | undefined, field: string, component: string): { component?: string } {
  const of = field ? type?.members?.find(m => m.name === field)?.type : type;
  return isComplex(of) ? { component } : {};
}
