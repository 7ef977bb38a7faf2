/**
 * Told of whatever shared thing a call reads or changes, so that a step's footprint can hold it: an inode by its
 * number, descriptor `fd` (its offset, whether it is open) as `-1 - fd`. Two steps that touch nothing in common but to
 * read it commute, but for which number a new inode or descriptor gets.
 */
export type FileAccess = (object: number, write: boolean) => void;
