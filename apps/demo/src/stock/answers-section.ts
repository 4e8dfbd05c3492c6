import { soundAnswer } from './forecast-section.ts';
import { indicesAnswer } from './indices-section.ts';
import { shapeAnswer } from './shape-section.ts';
import type { StockSection } from './stock-story.ts';
import { stateAnswers } from './ways-section.ts';

/** The questions a reader of the tutorial has, answered by what was computed. */
export const answersSection: StockSection = (story) => ({
  id: 'answers',
  title: 'Your questions, answered',
  async run(page) {
    const answers = [await shapeAnswer(story), await indicesAnswer(story), ...(await stateAnswers(story)), await soundAnswer(story)];
    for (const answer of answers) page.say(answer);
  },
});
