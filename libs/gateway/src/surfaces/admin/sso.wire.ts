import { z } from 'zod';

/** The address of a provider or a page. What it may be exactly is said by identity. */
export const httpsText = z.string().max(2_048).refine((text) => URL.canParse(text), 'must be an address');
