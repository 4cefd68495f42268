"""The words that exporters write, in English, German, French, Spanish, Italian, Dutch and Turkish.

All are written as `plain` gives them: lower case, without accents.
"""

import re
import unicodedata


def plain(text: str) -> str:
    """Return text in lower case, without accents, its words parted by single spaces."""
    parted = re.sub(r"(?<=[a-z]{2})(?=[A-Z])", " ", text)
    letters = unicodedata.normalize("NFKD", parted.casefold().replace("ı", "i"))
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c))))


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for line in lines for word in line.split(",")))


DATE = _words(
    "date, datetime, date time, timestamp, time stamp, day, month, period, interval, reading date, read date",
    "datum, zeitstempel, zeitpunkt, tag, monat, zeitraum, datum uhrzeit, datum zeit, ablesedatum, zeit",
    "horodatage, jour, mois, periode, date heure, date et heure, date de releve",
    "fecha, fecha hora, fecha y hora, dia, mes, periodo, marca temporal, marca de tiempo",
    "data, data ora, data e ora, giorno, mese, marca temporale",
    "tijdstip, tijdstempel, dag, maand, datum tijd, datum en tijd",
    "tarih, tarih saat, tarih ve saat, zaman, zaman damgasi, gun, ay, donem",
)
TIME = _words(
    "time, hour, time of day, clock, uhrzeit, zeit, stunde, heure, hora, ora, orario, tijd, uur, saat"
)
START = _words(
    "start, from, begin, beginning, starting, von, beginn, anfang, ab, debut, de, du, desde, inicio",
    "inizio, da, dal, van, vanaf, aanvang, baslangic, baslama",
)
END = _words(
    "end, to, until, ending, ended, finish, through, ende, bis, fin, a, au, jusqu, hasta, final, fine, al",
    "fino, einde, eind, tot, bitis, son, kadar, endzeit, eindtijd, endtime, enddatum, einddatum",
)
DEVICE = _words(
    "device, device name, device id, meter, meter id, meter name, meter number, meter no, meter point",
    "equipment, appliance, name, asset, sensor, channel, circuit, mpan, mprn",
    "gerat, geratename, zahler, zahlernummer, zahlername, zahler nr, zahlpunkt, messstelle, messlokation",
    "anlage, verbraucher, bezeichnung, kanal",
    "appareil, compteur, equipement, nom, dispositif, point de mesure, point de livraison, pdl, prm",
    "numero de compteur, dispositivo, contador, medidor, equipo, aparato, nombre, cups, punto de medida",
    "numero de contador, contatore, apparecchio, misuratore, strumento, nome, pod, matricola",
    "apparaat, meternummer, toestel, naam, meetpunt, aansluiting, ean",
    "cihaz, cihaz adi, sayac, sayac no, sayac adi, sayac numarasi, ekipman, tesisat, tesisat no, ad, adi",
)
NUMBER = _words(
    "meter number, meter no, meter serial number, meter serial, meter id, mpan, mprn, zahlernummer",
    "zahler nr, numero de compteur, pdl, prm, cups, numero de contador, pod, matricola, meternummer, ean",
    "sayac no, sayac numarasi, tesisat no",
)
"""What numbers a meter that has a name beside it."""
CONSUMPTION = _words(
    "consumption, power consumption, energy consumption, usage, use, verbrauch, energieverbrauch",
    "stromverbrauch, bezug, consommation, conso, soutirage, consumo, consumi, prelievo, verbruik",
    "energieverbruik, stroomverbruik, afname, tuketim, tuketimi, enerji tuketimi",
)
ENERGY = _words(
    "energy, active energy, value, reading, quantity, energie, arbeit, wirkarbeit, wert, messwert, menge",
    "energie active, valeur, energia, energia activa, energia attiva, valor, valore, waarde",
    "enerji, aktif enerji, deger, miktar",
)
DEMAND = _words(
    "demand, power, load, active power, leistung, wirkleistung, last, puissance, puissance active, charge",
    "potencia, potencia activa, demanda, carga, potenza, potenza attiva, carico, vermogen, belasting",
    "guc, aktif guc, talep, yuk",
)
REGISTER = _words(
    "register, register reading, meter reading, index, cumulative, counter reading, zahlerstand, stand",
    "zahlwerk, zahlwerksstand, kumuliert, releve, cumul, cumule, index de compteur, lectura, indice",
    "lectura del contador, acumulado, acumulada, lettura, totalizzatore, cumulativo, progressivo",
    "meterstand, tellerstand, cumulatief, endeks, sayac endeksi, kumulatif, okuma, sayac okumasi",
)
CATEGORY = _words(
    "category, type, group, device type, kind, class, kategorie, art, typ, gruppe, geratetyp, categorie",
    "groupe, categoria, tipo, grupo, gruppo, tipologia, soort, groep, kategori, tur, tip, grup, sinif",
)
LOCATION = _words(
    "location, site, building, room, place, zone, area, floor, address, standort, ort, gebaude, raum",
    "bereich, etage, liegenschaft, adresse, lieu, emplacement, batiment, salle, localisation, ubicacion",
    "lugar, edificio, sala, zona, planta, localizacion, emplazamiento, luogo, posizione, stanza, sede",
    "ubicazione, locatie, gebouw, ruimte, plaats, kamer, adres, vestiging, konum, yer, bina, oda, bolge",
    "mekan, lokasyon",
)
NOTES = _words(
    "notes, note, comment, comments, remark, remarks, description, bemerkung, bemerkungen, notiz, notizen",
    "kommentar, anmerkung, anmerkungen, hinweis, beschreibung, remarque, remarques, commentaire",
    "commentaires, observation, observations, notas, nota, comentario, comentarios, observaciones",
    "commento, commenti, osservazioni, annotazioni, opmerking, opmerkingen, notitie, notities",
    "toelichting, commentaar, not, notlar, aciklama, aciklamalar, yorum",
)
NO_ENERGY = _words(
    "temperature, temp, humidity, cost, costs, price, tariff, eur, usd, gbp, try, quality, status, flag",
    "kvarh, varh, kvar, var, kva, kvah, voltage, volt, v, current, amps, a, hz, frequency, power factor",
    "cos phi, co2, m3, c, f, id, no, nr, row, line, year, week, weekday, temperatur, kosten, preis, tarif",
    "spannung, strom, jahr, woche, wochentag, cout, prix, tension, annee, semaine, coste, costo, precio",
    "prezzo, tensione, anno, settimana, ano, semana, prijs, spanning, temperatuur, jaar, maliyet, fiyat",
    "sicaklik, gerilim, yil, hafta, wh m2, kwh m2",
)
TOTAL = _words(
    "total, totals, grand total, subtotal, sub total, sum, average, mean, minimum, maximum, min, max",
    "summe, gesamt, gesamtsumme, zwischensumme, insgesamt, mittelwert, durchschnitt, total general",
    "totaux, sous total, somme, moyenne, suma, total general, promedio, totale, totale generale, somma",
    "subtotale, totaal, eindtotaal, subtotaal, som, gemiddelde, toplam, genel toplam, ara toplam, ortalama",
)
BEGINS_WITH_TOTAL = re.compile(rf"(?:{'|'.join(TOTAL)})\b")
MONTHS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "january jan januar janner janvier janv enero ene gennaio gen januari ocak oca",
            "february feb februar fevrier fevr fev febrero febbraio februari subat sub",
            "march mar marz mrz mars marzo maart mrt mart",
            "april apr avril avr abril abr aprile nisan nis",
            "may mai mayo maggio mag mei mayis",
            "june jun juni juin junio giugno giu haziran haz",
            "july jul juli juillet juil julio luglio lug temmuz tem",
            "august aug aout agosto ago augustus agustos agu",
            "september sep sept septembre septiembre setiembre settembre set eylul eyl",
            "october oct oktober okt octobre octubre ottobre ott ekim eki",
            "november nov novembre noviembre novembre kasim kas",
            "december dec dezember dez decembre diciembre dic dicembre aralik ara",
        ),
        start=1,
    )
    for word in words.split()
}


def is_word(header: str, words: tuple[str, ...]) -> bool:
    """Return whether a plain header is one of the words."""
    return header in words


def holds_word(header: str, words: tuple[str, ...]) -> bool:
    """Return whether a plain header has one of the words in it."""
    return any(f" {word} " in f" {header} " for word in words)


def is_total(label: str) -> bool:
    """Return whether a cell labels a row of sums: "Total", "Summe:", "Total Building 1"."""
    return BEGINS_WITH_TOTAL.match(plain(label)) is not None
