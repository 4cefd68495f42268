"""The words that exporters write, in the languages of Europe and East Asia.

All are written as `plain` gives them: lower case, without accents.
"""

import re
import unicodedata

from services.utilities import Utility


def plain(text: str) -> str:
    """Return text in lower case, without accents, its words parted by single spaces."""
    parted = re.sub(r"(?<=[a-z]{2})(?=[A-Z])", " ", text)
    letters = unicodedata.normalize("NFKD", parted.casefold().replace("ı", "i"))
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c))))


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(word) for line in lines for word in line.split(",")))


DATE = _words(
    "date, datetime, date time, timestamp, time stamp, day, month, period, interval, reading date",
    "read date",
    "datum, zeitstempel, zeitpunkt, tag, monat, zeitraum, datum uhrzeit, datum zeit, ablesedatum, zeit",
    "horodatage, jour, mois, periode, date heure, date et heure, date de releve",
    "fecha, fecha hora, fecha y hora, dia, mes, periodo, marca temporal, marca de tiempo",
    "data, data ora, data e ora, giorno, mese, marca temporale",
    "tijdstip, tijdstempel, dag, maand, datum tijd, datum en tijd",
    "tarih, tarih saat, tarih ve saat, zaman, zaman damgasi, gun, ay, donem",
    "dato, tidspunkt, tid, tidsstempel, måned, måler tid, aflæsningsdato, från dato, datum och tid",
    "månad, dygn",
    "pvm, päivä, päivämäärä, aika, aikaleima, kuukausi, tunti, data odczytu, dzień, miesiąc, okres",
    "czas, datum a čas, den, měsíc",
    "období, čas, data leitura, data hora, mês, dátum, időpont, idő, nap, hónap, ημερομηνία, ημέρα",
    "μήνας, ώρα, horodate",
    "日期, 时间, 時間, 日期时间, 采集时间, 数据时间, 日付, 日時, 年月日, 年月, 対象日, 計測日時, 날짜",
    "일자, 일시, 시간, 년월, 검침일, rdate, bill date, bill month",
    "date and time, reading date and time, read date and end time, billing date, usage date",
    "energy consumption time period, time period, hour start",
)
TIME = _words(
    "time, hour, time of day, clock, uhrzeit, zeit, stunde, heure, hora, ora, orario, tijd, uur, saat",
    "time start, start time, klokkeslæt, klokkeslett, klockslag, tid, time fra, kello, kellonaika",
    "godzina, hodina",
    "čas, óra, idő, ώρα, 时刻, 小时, 時刻, 시각, 시, settlement period, trading period, sp, hour ending",
    "he, hr",
)
START = _words(
    "start, from, begin, beginning, starting, von, beginn, anfang, ab, debut, de, du, desde, inicio",
    "inizio, da, dal, van, vanaf, aanvang, baslangic, baslama, fra, från, alku, alkaen, od, początek",
    "začátek",
    "de data, kezdete, kezdet, από, έναρξη, 开始, 起始, 開始, 시작, start date, start time, von datum",
    "van datum",
)
END = _words(
    "end, to, until, ending, ended, finish, through, ende, bis, fin, a, au, jusqu, hasta, final, fine",
    "al",
    "fino, einde, eind, tot, bitis, son, kadar, endzeit, eindtijd, endtime, enddatum, einddatum, til",
    "till",
    "loppu, päättyy, do, koniec, konec, até, vége, έως, λήξη, 结束, 截止, 終了, 종료, slut, tot datum",
    "end date",
    "bill date, invoice date, billing date, rechnungsdatum, read date and end time",
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
    "målepunkt, måler, målernummer, målepunkts id, målepunktid, metering point, metering point id, gsrn",
    "gsrn number, målar id",
    "mätpunkt, mätare, anläggnings id, anläggning, anläggningsid, mätarnummer, mittari, käyttöpaikka",
    "laite, licznik, ppe, numer licznika, punkt poboru",
    "nazwa, elektroměr, měřič, odběrné místo, ean opm, název, local de consumo, equipamento, cpe, mérő",
    "mérési pont, pod azonosító, készülék",
    "μετρητής, παροχή, αριθμός παροχής, 电表, 表计, 表号, 电表号, 户号, 设备, 设备名称, 計器, 計器番号",
    "メーター, 機器, 地点番号, 供給地点特定番号",
    "계량기, 계기번호, 설비, 고객번호, mpr, mprn, esiid, esi id, nmi, ean code, ean code ean, gsrn",
    "zählpunktnummer, zählpunkt, zählpunktbezeichnung",
    "statistic id, entity id, statistic, entity, sensor id, point, feeder, circuit name, meter serial",
    "point id, tag, tag name, series, variable, prm, identifiant prm",
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
    "forbrug, elforbrug, forbruk, strømforbruk, förbrukning, elförbrukning, uttag, kulutus",
    "sähkönkulutus, zużycie, pobór, spotřeba, odběr, consumo ativo",
    "fogyasztás, vételezés, κατανάλωση, 用电量, 耗电量, 用量, 消耗, 能耗, 消費量, 使用量, 消費電力量",
    "使用電力量, 電力使用量, 사용량, 소비량, 전력사용량",
    "electricity consumption, electricity usage, electric usage, import, total consumption, total usage",
    "net consumption, gas usage, water usage",
)
CONSUMPTION_STEMS = ("verbrauch", "verbruik", "forbrug", "forbrukning", "consumption")
ENERGY = _words(
    "energy, active energy, value, reading, quantity, energie, arbeit, wirkarbeit, wert, messwert, menge",
    "energie active, valeur, energia, energia activa, energia attiva, valor, valore, waarde",
    "enerji, aktif enerji, deger, miktar",
    "energi, mængde, værdi, målt, verdi, mengde, värde, mängd, arvo, määrä, energia czynna, wartość",
    "ilość, hodnota, množství, energie činná, valor medido",
    "energia ativa, quantidade, érték, mennyiség, hatásos energia, ενέργεια, τιμή, 电量, 电能, 数值, 值",
    "電力量, 値, 数量, 전력량, 값, 에너지, valeurs, hoeveelheid",
    "amount, kwh, meter value, read value, interval value, usage kwh, energy usage, quantities, change",
    "real energy",
)
DEMAND = _words(
    "demand, power, load, active power, leistung, wirkleistung, last, puissance, puissance active",
    "charge",
    "potencia, potencia activa, demanda, carga, potenza, potenza attiva, carico, vermogen, belasting",
    "guc, aktif guc, talep, yuk",
    "effekt, teho, moc, moc czynna, výkon, potência, teljesítmény, ισχύς, 功率, 有功功率, 電力, 출력",
    "interval demand, active power, real power",
)
REGISTER = _words(
    "register, register reading, meter reading, index, cumulative, counter reading, zahlerstand, stand",
    "zahlwerk, zahlwerksstand, kumuliert, releve, cumul, cumule, index de compteur, lectura, indice",
    "lectura del contador, acumulado, acumulada, lettura, totalizzatore, cumulativo, progressivo",
    "meterstand, tellerstand, cumulatief, endeks, sayac endeksi, kumulatif, okuma, sayac okumasi",
    "måleraflæsning, aflæsning, målerstand, målerstander, avlesning, mätarställning, avläsning",
    "mittarilukema, lukema, stan licznika, wskazanie, odczyt",
    "stav, stav elektroměru, odečet, leitura, leitura do contador, mérőállás, óraállás, ένδειξη, 示数",
    "表底, 读数, 指示数, 検針値, 指針, 검침값, 지침, 누적",
    "zaehlerstand, zähler stand, meter read, read, cumulative energy, lifetime energy, odometer",
    "total increasing, state, counter",
)
CATEGORY = _words(
    "category, type, group, device type, kind, class, kategorie, art, typ, gruppe, geratetyp, categorie",
    "groupe, categoria, tipo, grupo, gruppo, tipologia, soort, groep, kategori, tur, tip, grup, sinif",
    "gruppe, kategoria, typ, luokka, κατηγορία, 类别, 类型, 分類, 種別, 구분, 종류",
)
LOCATION = _words(
    "location, site, building, room, place, zone, area, floor, address, standort, ort, gebaude, raum",
    "bereich, etage, liegenschaft, adresse, lieu, emplacement, batiment, salle, localisation, ubicacion",
    "lugar, edificio, sala, zona, planta, localizacion, emplazamiento, luogo, posizione, stanza, sede",
    "ubicazione, locatie, gebouw, ruimte, plaats, kamer, adres, vestiging, konum, yer, bina, oda, bolge",
    "mekan, lokasyon",
    "property, facility, sted, bygning, adresse, rum, byggnad, plats, rakennus, paikka, budynek",
    "miejsce, budova, místo, edifício, épület, hely, κτίριο, 地点, 位置, 楼栋, 建物, 場所, 건물, 위치",
)
NOTES = _words(
    "notes, note, comment, comments, remark, remarks, description, bemerkung, bemerkungen, notiz",
    "notizen",
    "kommentar, anmerkung, anmerkungen, hinweis, beschreibung, remarque, remarques, commentaire",
    "commentaires, observation, observations, notas, nota, comentario, comentarios, observaciones",
    "commento, commenti, osservazioni, annotazioni, opmerking, opmerkingen, notitie, notities",
    "toelichting, commentaar, not, notlar, aciklama, aciklamalar, yorum",
    "bemærkning, kommentarer, anmärkning, huomautus, uwagi, poznámka, observações, megjegyzés",
    "σημειώσεις, 备注, 備考, 비고",
)
NO_ENERGY = _words(
    "temperature, temp, humidity, cost, costs, price, tariff, eur, usd, gbp, try, quality, status, flag",
    "kvarh, varh, kvar, var, kva, kvah, voltage, volt, v, current, amps, a, hz, frequency, power factor",
    "cos phi, co2, m3, c, f, id, no, nr, row, line, year, week, weekday, temperatur, kosten, preis",
    "tarif",
    "spannung, strom, jahr, woche, wochentag, cout, prix, tension, annee, semaine, coste, costo, precio",
    "prezzo, tensione, anno, settimana, ano, semana, prijs, spanning, temperatuur, jaar, maliyet, fiyat",
    "sicaklik, gerilim, yil, hafta, wh m2, kwh m2",
    "run hours, running hours, operating hours, hours, betriebsstunden, heures de fonctionnement",
    "draaiuren, humidity, relative humidity, max demand, peak demand, maximum demand",
    "units produced, units, occupancy, degree days, hdd, cdd, latitude, longitude, rate, fee",
    "amount due, balance, invoice, account, account number, irradiance, wind speed",
)
TOTAL = _words(
    "total, totals, grand total, subtotal, sub total, sum, average, mean, minimum, maximum, min, max",
    "summe, gesamt, gesamtsumme, zwischensumme, insgesamt, mittelwert, durchschnitt, total general",
    "totaux, sous total, somme, moyenne, suma, total general, promedio, totale, totale generale, somma",
    "subtotale, totaal, eindtotaal, subtotaal, som, gemiddelde, toplam, genel toplam, ara toplam",
    "ortalama",
    "i alt, totalt, summa, yhteensä, razem, suma, celkem, součet, összesen, σύνολο, 合计, 总计, 合計",
    "総計, 합계, 총계, soma, geral",
)
BEGINS_WITH_TOTAL = re.compile(rf"(?:{'|'.join(TOTAL)})\b")
MONTHS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "january jan januar janner janvier janv enero ene gennaio gen januari ocak oca "
            "tammikuu styczen stycznia leden ledna janeiro ιανουαριος",
            "february feb februar fevrier fevr fev febrero febbraio februari subat sub "
            "helmikuu luty lutego unor unora fevereiro φεβρουαριος",
            "march mar marz mrz mars marzo maart mrt mart marts maaliskuu marzec marca brezen "
            "brezna marco marcius μαρτιος",
            "april apr avril avr abril abr aprile nisan nis huhtikuu kwiecien kwietnia duben "
            "dubna aprilis απριλιος",
            "may mai mayo maggio mag mei mayis maj toukokuu maja kveten kvetna maio majus μαιος",
            "june jun juni juin junio giugno giu haziran haz kesakuu czerwiec czerwca cerven "
            "cervna junho junius ιουνιος",
            "july jul juli juillet juil julio luglio lug temmuz tem heinakuu lipiec lipca "
            "cervenec cervence julho julius ιουλιος",
            "august aug aout agosto ago augustus agustos agu augusti elokuu sierpien sierpnia "
            "srpen srpna augusztus αυγουστος",
            "september sep sept septembre septiembre setiembre settembre set eylul eyl syyskuu "
            "wrzesien wrzesnia zari setembro szeptember σεπτεμβριος",
            "october oct oktober okt octobre octubre ottobre ott ekim eki lokakuu pazdziernik "
            "pazdziernika rijen rijna outubro out οκτωβριος",
            "november nov novembre noviembre kasim kas marraskuu listopad listopada novembro νοεμβριος",
            "december dec dezember dez decembre diciembre dic dicembre aralik ara desember "
            "joulukuu grudzien grudnia prosinec prosince dezembro des δεκεμβριος",
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


UTILITIES: dict[Utility, tuple[str, ...]] = {
    "electricity": _words(
        "electricity, electric, electrical, elec, power supply, strom, elektrizität, électricité",
        "électrique",
        "electricidad, eléctrica, eléctrico, elettricità, elettrica, elettrico, energia elettrica",
        "stroom",
        "elektriciteit, elektrisch, elektrische, elforbrug, elförbrukning, el, sähkö, elektryczna",
        "elektryczność",
        "elektřina, elektrická, eletricidade, elétrica, villamos energia, áram, villany, ηλεκτρικό",
        "ρεύμα",
        "电力, 电量, 用电量, 電力, 電気, 전기, 전력, elektrik",
    ),
    "gas": _words(
        "gas, natural gas, erdgas, gasverbrauch, gasbezug, gaszähler, gaz, gaz naturel, gas natural",
        "gas naturale, metano, aardgas, gasverbruik, naturgas, gasforbrug, gasförbrukning, kaasu",
        "maakaasu",
        "gaz ziemny, plyn, zemní plyn, gás, gás natural, gáz, földgáz, φυσικό αέριο, αέριο",
        "天然气, 燃气, 天然氣, 煤气, ガス, 都市ガス, 가스, 도시가스, doğalgaz, doğal gaz",
    ),
    "heat": _words(
        "heat, heat energy, heat meter, heat consumption, district heating, district heat, wärme",
        "fernwärme",
        "wärmemenge, wärmeverbrauch, wärmezähler, chaleur, réseau de chaleur, calor, calore",
        "teleriscaldamento",
        "warmte, stadswarmte, stadsverwarming, fjernvarme, varme, värme, fjärrvärme, kaukolämpö, lämpö",
        "ciepło",
        "teplo, hő, távhő, hőenergia, θερμότητα, τηλεθέρμανση, 热量, 供热, 熱量, 난방, 열량, 지역난방",
    ),
    "cooling": _words(
        "district cooling, chilled water, chilled water energy, cooling energy, kälte, fernkälte",
        "kältemenge",
        "froid, réseau de froid, teleraffrescamento, stadskoude, fjernkøling, fjärrkyla, kaukojäähdytys",
        "chłód, chlad, távhűtés, 冷量, 冷熱, 냉방",
    ),
    "steam": _words(
        "steam, district steam, dampf, vapeur, vapor, vapore, stoom, damp, ånga, höyry, gőz, 蒸汽, 蒸気",
        "스팀, buhar",
    ),
    "fuel": _words(
        "fuel, diesel, fuel oil, heating oil, oil, heizöl, fioul, mazout, gasóleo, gasoil, gasolio",
        "stookolie",
        "fyringsolie, eldningsolja, propane, lpg, petrol, kerosene, pellets, coal, olej opałowy, 柴油",
        "軽油, 경유",
    ),
    "water": _words(
        "water, cold water, hot water, domestic water, wasser, trinkwasser, kaltwasser, warmwasser, eau",
        "eau froide",
        "agua, acqua, leidingwater, drinkwater, vand, vann, vatten, vesi, woda, voda, água, víz, νερό",
        "su",
        "用水, 用水量, 自来水, 水道, 水量, 수도, 상수도, 용수",
    ),
}  # fmt: skip
"""Words for what a meter measures; the first utility of which a text holds a word counts."""
EXPORT = _words(
    "feed in, feedin, fed in, feed into grid, to grid, to the grid, grid export, sold to grid",
    "exported to grid",
    "solar export, einspeisung, netzeinspeisung, eingespeist, eingespeiste energie, rückspeisung",
    "rücklieferung",
    "injection réseau, energía vertida, vertido, excedente, excedentes, inyección a red, immissione",
    "immessa",
    "energia immessa, ceduta, teruglevering, teruggeleverd, terug levering, invoeding, tilbagelevering",
    "inmatning, inmatad, innmating, ylijäämä, oddanie, oddana, oddany, energia oddana, wprowadzona",
    "zwrot do sieci",
    "dodávka do sítě, přetok, přetoky, injetada, energia injetada, excedente, betáplált, betáplálás",
    "visszatáplált",
    "visszatáplálás, έγχυση, 上网, 上网电量, 反向有功, 反向, 売電, 売電量, 売電電力量, 逆潮流, 역송",
    "잉여, veriş, veriş enerjisi",
)
EXPORT_IF_ALONE = _words(
    "export, exported, exports, exp, injection, injected, injected energy, return, returned, received",
    "surplus",
    "reverse, outflow, generation to grid, lieferung, injecté, injectée, inyección, inyectada",
    "restituzione, restituita",
    "restitution, eksport, levering til nett, produktion til net, exportada, exportación, esportazione",
    "export energy",
)
"""These say so only where nothing else in the heading is a name: "Injection moulding" feeds in nothing."""
GENERATION = _words(
    "pv, solar, photovoltaic, photovoltaics, photovoltaik, photovoltaïque, fotovoltaico, fotovoltaica",
    "fotovoltaïsch, solarertrag, pv ertrag, pv generation, solar generation, stromerzeugung, erzeugung",
    "zonnepanelen",
    "zonne energie, opwek, opwekking, opgewekt, solceller, solceller produktion, aurinkosähkö",
    "fotowoltaika",
    "fotovoltaika, napelem, φωτοβολταϊκά, 光伏, 发电, 发电量, 太陽光, 発電, 発電量, 発電電力量, 태양광",
    "발전, 발전량, üretim",
)
GENERATION_IF_ALONE = _words(
    "generation, generated, production, produced, produktion, produziert, produktie, productie",
    "produced energy",
    "producción, generación, producida, produzione, prodotta, produkcja, wytworzona, výroba, vyrobeno",
    "produção, geração",
    "produksjon, tuotanto, termelés, παραγωγή, yield, ertrag, solar production, gross generation",
    "energy generated",
)
TAKEN = _words(
    "consumption, consumed, import, imported, imports, imp, purchased, purchase, grid import, from grid",
    "delivered, drawn",
    "withdrawal, offtake, taken, verbrauch, stromverbrauch, netzbezug, bezug, bezogen, entnahme",
    "consommation",
    "soutirage, soutirée, consommée, consumo, consumida, prelievo, prelevata, afname, levering",
    "geleverd, verbruik",
    "forbrug, forbruk, förbrukning, uttag, kulutus, otto, pobór, pobrana, pobrany, energia pobrana",
    "zużycie, odběr",
    "spotřeba, fogyasztás, vételezett, vételezés, κατανάλωση, απορρόφηση, 用电, 用电量, 购电, 正向有功",
    "正向, 下网, 使用量",
    "買電, 買電量, 消費, 사용, 사용량, 소비, 수전, tüketim, çekiş, load, house load, total load",
    "home consumption, forward",
)
USED_ITSELF = _words(
    "self consumption, selfconsumption, self consumed, eigenverbrauch, autoconsommation, autoconsumo",
    "eigenverbruik",
    "autoconsumption, egetforbrug, egenförbrukning, autokonsumpcja, vlastní spotřeba, 自家消費, 自用",
    "자가소비",
)
NET = _words(
    "net, netto, saldo, balance, import minus export, net energy, net usage, net load, net consumption"
)
RATES = _words(
    "high, low, normal, peak, off peak, offpeak, shoulder, day, night, tariff, rate, ht, nt, hp, hc",
    "hoch, nieder, tag",
    "nacht, hoog, laag, tarief, dal, piek, dagtarief, nachttarief, heures pleines, heures creuses",
    "pleines, creuses",
    "punta, llano, valle, f1, f2, f3, f4, t1, t2, t3, t4, d1, d2, t, eas, fascia, register, dag, natt",
    "økse, hochtarif",
    "niedertarif, tarif, p1, p2, p3, p4, p5, p6, sommer, winter, summer, szczyt, pozaszczyt, 峰, 平, 谷",
    "尖, 夜間, 昼間, 1, 2, 3, 4",
)
"""Words that tell the registers of one meter apart."""
FILLERS = _words(
    "energy, active, real, total, grid, meter, reading, usage, use, value, kwh, wh, mwh, electricity",
    "electric, net, from",
    "to, the, of, in, and, daily, hourly, interval, data, power, channel, energie, wirkarbeit, strom",
    "activa, attiva, active",
    "aktiv, aktive, amount, quantity, energia, energi, system, site, delivered, import, consumption, pv",
    "solar, roof, gas",
    "czynna, ativa, elettrica, elektryczna, utility, home, house, electrical, sum, gross",
)
REACTIVE = _words(
    "reactive, reactive energy, apparent, blindarbeit, blindleistung, blind, réactive, reactiva",
    "reattiva, reactief",
    "blindenergie, reaktiv, reaktive, loisteho, bierna, jalová, reativa, meddő, άεργος, 无功, 無効",
    "무효, reaktif",
    "power factor, leistungsfaktor, facteur de puissance, factor de potencia, load factor, cos phi, pf",
)
MONEY = _words(
    "cost, costs, price, prices, charge, charges, bill amount, amount due, fee, fees, tax, spend",
    "kosten, preis, preise",
    "betrag, coût, coûts, prix, montant, coste, costes, precio, importe, costo, costi, prezzo, importo",
    "prijs, bedrag",
    "pris, beløb, kostnad, belopp, hinta, kustannus, koszt, cena, kwota, cena za, částka, náklady",
    "custo, preço",
    "költség, ár, összeg, κόστος, 费用, 电费, 价格, 電費, 料金, 金額, 単価, 요금, 금액, 단가, maliyet",
    "fiyat, tutar",
)
TEMPERATURES = _words(
    "temperature, temperatur, température, temperatura, temperatuur, temp, vorlauf, rücklauf, lämpötila"
)
TEMPERATURE_STEMS = tuple(
    plain(stem)
    for stem in (
        *("temperat", "lämpötila", "hőmérs", "θερμοκρασ", "teplota", "温度", "気温", "气温", "기온", "온도"),
        *("sıcaklık", "humidity", "feucht"),
    )
)
CLIMATE = _words(
    "humidity, relative humidity, co2, carbon, emissions, irradiance, pressure, wind speed, degree days"
)

MULTIPLIER = _words(
    "multiplier, meter multiplier, ct multiplier, ct ratio, ct factor, ctr, factor, faktor",
    "wandlerfaktor, umrechnungsfaktor",
    "multiplicateur, coefficient, multiplicador, coeficiente, moltiplicatore, costante",
    "vermenigvuldigingsfactor, çarpan",
    "mnożnik, mnożna, násobitel, konstanta, szorzó, kerroin, 倍率, 乗率, 배율, multiplikator",
    "conversion factor, scale",
)
QUALITY = _words(
    "quality, reading quality, status, read type, reading type, estimated, real estimado, metodo",
    "metodo obtencion, qualität",
    "qualite, nature, kwaliteit, kvalitet, laatu, jakość, kvalita, minőség, actual estimated",
    "actual estimate, flag, quality flag",
    "ersatzwert, statut, estado, qualidade, tipo lettura, data quality, type de releve, validation",
    "is estimated, quality method",
)
ESTIMATED = tuple(
    plain(stem)
    for stem in (
        *("estimat", "schatz", "geschat", "ersatz", "stima", "estim", "beregnet", "beraknad", "uppskatt"),
        *("arvio", "szacow", "odhad", "becsult", "估", "推定", "추정", "substitut", "interpol", "prorat"),
    )
)
MEASURED = _words(
    "a, r, m, v, w, actual, real, measured, gemessen, mesuré, gemeten, målt, mätt, valid, ok, good",
    "wahr, true",
)
LENGTHS = _words(
    "interval, interval length, duration, dauer, intervall, durée, duración, durata, duur, seconds",
    "minutes",
)
UNIT = _words(
    "unit, units, uom, unit of measure, einheit, unité, unidad, unità, eenheid, birim, enhed, enhet, yksikkö",
    "jednostka, jednotka, unidade, egység, mértékegység, μονάδα, 单位, 単位, 단위",
)
SOMETHING = _words(
    "value, values, change, valeur, valeurs, wert, valor, valore, waarde, värde, arvo, wartość, hodnota",
    "érték, 値, 数值",
)
"""Headings of numbers of anything."""
