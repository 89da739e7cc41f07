// Months between two days as the steps of a slider; a step stands for the last day of its month.
const monthOf = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

export function stepOf(day, first, last) {
  return Math.min(Math.max(monthOf(day) - monthOf(first), 0), monthOf(last) - monthOf(first));
}

export function dayOf(step, first, last) {
  const month = monthOf(first) + Number(step);
  if (month >= monthOf(last)) return last;
  return new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).toISOString().slice(0, 10);
}

export function dayInWords(day, language, month = "long") {
  const format = new Intl.DateTimeFormat(language, { day: "numeric", month, year: "numeric", timeZone: "UTC" });
  // "22 February 2016" also where English is that of the United States.
  const parts = Object.fromEntries(format.formatToParts(new Date(`${day}T00:00Z`)).map((part) => [part.type, part.value]));
  return `${parts.day} ${parts.month} ${parts.year}`;
}

// As precise as the date is known.
export function dateInWords(day, precision, language) {
  if (precision === "day") return dayInWords(day, language);
  const parts = { year: "numeric", ...(precision === "month" ? { month: "long" } : {}), timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, parts).format(new Date(`${day}T00:00Z`));
}
