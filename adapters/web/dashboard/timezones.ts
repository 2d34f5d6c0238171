// The time zones that a browser knows.

/** The zone of this computer. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** All zones as choices, by region. `also` is among them, whatever it is called. */
export function zoneOptions(also: string): { value: string; label: string; group: string }[] {
  const zones = new Set([...Intl.supportedValuesOf("timeZone"), "UTC", also]);
  return [...zones]
    .filter(Boolean)
    .sort()
    .map((value) => {
      const [region, ...place] = value.split("/");
      const label = (place.length > 0 ? place.join(", ") : value).replaceAll("_", " ");
      return { value, label, group: place.length > 0 ? region! : "UTC" };
    });
}
