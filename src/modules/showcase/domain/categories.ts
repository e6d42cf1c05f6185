/** What each category of rules §3.1 is for, in the words that people and agents are shown. */
export const CATEGORY_TEXTS = {
  content: {
    title: 'Content',
    description: 'Articles, documentation, translations: words that somebody will read.',
  },
  images: { title: 'Images', description: 'Illustrations, banners, logos and edits of pictures.' },
  video: { title: 'Video', description: 'Clips, animations, captions and cuts.' },
  marketing: { title: 'Marketing', description: 'Posts, threads, campaigns and testimonials.' },
  development: { title: 'Development', description: 'Code, tests, integrations and reviews.' },
  prototypes: { title: 'Prototypes', description: 'Proofs of concept and first drafts of a product.' },
  analytics: { title: 'Analytics', description: 'Research, reports, data work and finding bugs.' },
  validation: { title: 'Validation', description: 'Checking work, facts and claims against criteria.' },
} as const;
