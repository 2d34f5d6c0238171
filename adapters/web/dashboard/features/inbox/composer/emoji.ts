// The signs that are written in chats with customers, with the words that find them in English and in German. It is a
// part of its own, loaded with the first colon. The most usual come first.

export interface Emoji {
  sign: string;
  /** By language, the name first. */
  words: Record<"en" | "de", readonly string[]>;
}

const table = `
🙂|smile slight :)|lächeln
👍|thumbs_up yes ok +1 like|daumen_hoch ja gut
🙏|thanks please folded_hands pray|danke bitte
😊|blush smile happy|freundlich lächeln froh
🎉|tada party celebrate congratulations|feier glückwunsch party
❤️|heart love red|herz liebe rot
😀|grinning smile d|grinsen lachen
😅|sweat_smile phew|schwitzen puh
😂|joy laugh tears lol|freudentränen lachen
😉|wink ;)|zwinkern
👋|wave hello bye|winken hallo tschüss
✅|check done yes|haken erledigt ja
😃|smiley open_mouth|strahlen
😄|smile_eyes laugh|lachen augen
😁|beaming grin teeth|zähne grinsen
😆|laughing squint|lachen zugekniffen
🤣|rofl floor|kugeln lachen
😇|innocent angel halo|engel unschuldig
😍|heart_eyes love|herzaugen verliebt
🥰|smiling_hearts love|herzen verliebt
😘|kiss blow|kuss
😋|yum tasty|lecker
😛|tongue p|zunge
😎|sunglasses cool|sonnenbrille cool
🤩|star_struck wow|sternaugen wow
🥳|partying birthday|feiern geburtstag
🤔|thinking hmm|nachdenken hm
🤨|raised_eyebrow doubt|augenbraue zweifel
😐|neutral meh|neutral
😑|expressionless|ausdruckslos
😶|no_mouth silent|sprachlos
🙄|eye_roll|augenrollen
😬|grimacing awkward|grimasse peinlich
😌|relieved calm|erleichtert
😔|pensive sad|bedrückt traurig
😴|sleeping tired zzz|schlafen müde
🤒|ill fever thermometer|krank fieber
🤧|sneeze cold|niesen erkältet
🥵|hot heat|heiß hitze
🥶|cold freezing|kalt frieren
🤯|exploding_head wow|kopf explodiert
😕|confused|verwirrt
😟|worried|besorgt
🙁|frown sad slight :(|traurig stirnrunzeln
☹️|frowning sad|traurig
😮|open_mouth o surprised|staunen überrascht
😯|hushed|verblüfft
😲|astonished|erstaunt
😳|flushed embarrassed|rot verlegen
🥺|pleading please|flehen bitte
😢|cry sad tear|weinen traurig
😭|sob cry loud|heulen weinen
😱|scream fear|schrei angst
😖|confounded|zerknirscht
😞|disappointed sad|enttäuscht
😓|sweat|schweiß
😩|weary tired|erschöpft
😫|tired|müde
😡|pouting angry mad|wütend
😠|angry|ärgerlich
🤖|robot bot|roboter bot
🙈|see_no_evil monkey|affe nichts_sehen
👌|ok_hand perfect|ok perfekt
✌️|victory peace|sieg frieden
🤞|fingers_crossed luck|daumen_drücken glück
🤝|handshake deal|handschlag abgemacht
👏|clap applause bravo|klatschen applaus
🙌|raised_hands hooray|hände_hoch hurra
💪|muscle strong|muskel stark
👇|point_down below|unten zeigen
👆|point_up above|oben zeigen
👉|point_right|rechts zeigen
👈|point_left|links zeigen
👎|thumbs_down no -1|daumen_runter nein
✋|hand stop|hand halt
🤷|shrug whatever|schulterzucken
🤦|facepalm|stirn_schlagen
🙋|raising_hand question|melden frage
🧑‍💻|technologist computer developer|entwickler computer
👀|eyes look see|augen sehen
🧠|brain idea|gehirn
🗣️|speaking|sprechen
👤|person user|person nutzer
👥|people team|leute team
💚|green_heart|grünes_herz
💙|blue_heart|blaues_herz
💛|yellow_heart|gelbes_herz
🧡|orange_heart|oranges_herz
💜|purple_heart|lila_herz
🖤|black_heart|schwarzes_herz
💔|broken_heart|gebrochenes_herz
💯|hundred perfect|hundert perfekt
✨|sparkles new|funkeln neu
⭐|star favourite|stern
🌟|glowing_star|leuchtender_stern
🔥|fire hot|feuer
💥|boom collision|knall
💡|bulb idea|glühbirne idee
💬|speech chat message|sprechblase nachricht
💤|zzz sleep|schlaf
❓|question|frage
❗|exclamation important|ausrufezeichen wichtig
⚠️|warning caution|warnung vorsicht
❌|cross no wrong|kreuz nein falsch
☑️|checkbox|kästchen
➕|plus|plus
➡️|arrow_right next|pfeil weiter
⬅️|arrow_left back|pfeil zurück
⬆️|arrow_up|pfeil_hoch
⬇️|arrow_down|pfeil_runter
🔄|refresh reload again|neu_laden wieder
🔁|repeat|wiederholen
ℹ️|information|information
🆗|ok|ok
🆕|new|neu
🔴|red_circle|roter_kreis
🟡|yellow_circle|gelber_kreis
🟢|green_circle|grüner_kreis
📦|package parcel box|paket sendung
🚚|truck delivery|lieferwagen lieferung
✈️|airplane travel flight|flugzeug reise
🚗|car|auto
🚲|bike bicycle|fahrrad
🚆|train|zug
🏠|house home|haus zuhause
🏢|office building|büro gebäude
🏪|shop store|laden geschäft
🏥|hospital|krankenhaus
🛒|cart shopping|einkaufswagen
🛍️|bags shopping|taschen einkauf
🎁|gift present|geschenk
💳|card credit payment|karte zahlung
💶|euro money|euro geld
💵|dollar money|dollar geld
💰|money bag|geld sack
🧾|receipt invoice|beleg rechnung
🏷️|label price tag|etikett preis
📉|chart_down|kurve runter
📈|chart_up|kurve hoch
📊|bar_chart|diagramm
📅|calendar date|kalender datum
🗓️|schedule calendar|termin kalender
⏰|alarm clock|wecker uhr
⏳|hourglass wait|sanduhr warten
⌛|hourglass_done time|sanduhr zeit
🕐|clock time|uhr zeit
📧|email mail|e-mail mail
✉️|envelope letter|brief umschlag
📨|incoming message|eingang nachricht
📎|paperclip attachment|büroklammer anhang
📄|page document|seite dokument
📝|memo note write|notiz schreiben
📋|clipboard list|klemmbrett liste
📌|pin|pinnnadel
📍|location place|ort
🔗|link chain|link kette
🔍|search magnifier|suche lupe
🔒|lock secure|schloss sicher
🔓|unlock open|offen schloss
🔑|key password|schlüssel passwort
🔔|bell notification|glocke hinweis
🔕|bell_off silent|glocke_aus stumm
🔧|wrench fix repair|werkzeug reparatur
🛠️|tools repair|werkzeuge reparatur
⚙️|gear settings|zahnrad einstellungen
🧰|toolbox|werkzeugkasten
💻|laptop computer|laptop computer
🖥️|desktop screen|bildschirm
📱|phone mobile|handy telefon
☎️|telephone call|telefon anruf
📞|receiver call|hörer anruf
🖨️|printer|drucker
📷|camera photo|kamera foto
🖼️|picture image|bild
🎥|video|video
🎧|headphones support|kopfhörer support
🔊|loud sound|laut ton
🔇|mute|stumm
🐛|bug|käfer fehler
🐶|dog|hund
🐱|cat|katze
🐰|rabbit|hase
🦊|fox|fuchs
🐻|bear|bär
🐢|turtle slow|schildkröte langsam
🌍|earth world|erde welt
☀️|sun weather|sonne wetter
🌧️|rain|regen
⛈️|storm|gewitter
❄️|snow cold|schnee kalt
🌈|rainbow|regenbogen
🌸|blossom flower|blüte blume
🌹|rose flower|rose blume
💐|bouquet flowers|blumenstrauß blumen
🌱|seedling plant|pflanze
🌲|tree|baum
🍀|clover luck|kleeblatt glück
🍎|apple|apfel
🍕|pizza|pizza
🍰|cake|kuchen
🎂|birthday cake|geburtstag torte
☕|coffee tea|kaffee tee
🍺|beer|bier
🍷|wine|wein
🥂|cheers toast|prost anstoßen
⚽|football soccer|fußball
🏆|trophy winner|pokal sieger
🥇|medal first gold|medaille erster gold
🎯|target dart|ziel treffer
🎮|game controller|spiel
🎵|music note|musik note
🎬|film movie|film
📚|books|bücher
🎓|graduation|abschluss
👕|shirt clothes|hemd kleidung
👟|shoe sneaker|schuh
🎒|backpack bag|rucksack
⛺|tent camping|zelt camping
🏖️|beach holiday|strand urlaub
🏔️|mountain|berg
🗺️|map|karte
🧭|compass|kompass
🚀|rocket launch|rakete start
🆘|sos help|sos hilfe
🚫|prohibited no|verboten nein
🛑|stop|halt
🧑‍🚒|firefighter|feuerwehr
🇪🇺|eu europe flag|eu europa flagge
`;

export const emojis: readonly Emoji[] = table
  .trim()
  .split("\n")
  .map((line) => {
    const [sign, en, de] = line.split("|") as [string, string, string];
    return { sign, words: { en: en.split(" "), de: de.split(" ") } };
  });

const none = 3;

/** findEmojis gives what fits best first: by the whole of a word, its beginning, or what is in it when that is much. */
export function findEmojis(query: string): Emoji[] {
  const wanted = query.toLocaleLowerCase().replaceAll("-", "_");
  if (wanted === "") return emojis.slice();
  const rank = ({ words }: Emoji): number => {
    const all = [...words.en, ...words.de];
    if (all.includes(wanted)) return 0;
    if (all.some((word) => word.startsWith(wanted))) return 1;
    return wanted.length > 2 && all.some((word) => word.includes(wanted)) ? 2 : none;
  };
  return emojis
    .map((emoji) => ({ emoji, rank: rank(emoji) }))
    .filter((found) => found.rank < none)
    .sort((a, b) => a.rank - b.rank)
    .map((found) => found.emoji);
}

/** nameOf is how an emoji is called in a language of the page; English where there is no other. */
export const nameOf = ({ words }: Emoji, language: string): string =>
  ((language.startsWith("de") ? words.de : words.en)[0] ?? "").replaceAll("_", " ");
