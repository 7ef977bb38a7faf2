declare const brand: unique symbol;

/** A `T` that cannot be mixed up with another `T`: `Brand<number, "ObjectId">`. Costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
