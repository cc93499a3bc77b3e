"""What became of a sale: status columns recognised by the words in their cells, in nine languages.

A shop's export lists every order that was ever begun. Whether it was paid, cancelled or refunded is in a column of
its own, whose heading is different in every system and whose words are not. So the words decide: a column most of whose
cells hold such a word is a status column. :data:`WORDS` is meant to be read and added to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.own.cells import as_text, counted
from crmkit.data.own.errors import BadOption, ColumnNotFound
from crmkit.data.own.headings import listing, plain

#: What a status can mean for the money of its row.
KINDS: dict[str, str] = {
    "counts": "a sale",
    "unpaid": "never paid, or not yet",
    "cancelled": "cancelled, failed, refused or expired",
    "refunded": "paid, and all of it given back",
    "partly refunded": "paid, and a part of it given back",
    "refund": "the row itself gives money back",
    "not a sale": "a payout, a fee, a transfer, a test",
}

#: kind -> its words. Upper and lower case, blanks, underscores and a leading "wc-" do not matter.
WORDS: dict[str, str] = {
    "counts": """fertiggestellt, betald, levererad, skickad, betalt, maksettu, доставлен, выполнен, оплачен, завершен, завершён, tamamlandı, teslim edildi, ödendi, handyzahlung, zahlung per express-kaufabwicklung, website-zahlung, allgemeine zahlung, rechnung, facture, factura, fattura, faktura, 已结账, 已结, invoice, concluida, paid, pagado, pagada, payé, payée, bezahlt, betaald, pagato, pago, opłacone, zapłacone, 已付款, 已支付,
        支付成功, 付款成功, 入金済み, 入金済, 支払い済み, 支払済, 決済済み, 決済完了, complete, completed, completado, completada,
        abgeschlossen, erledigt, terminé, terminée, complété, completato, completata, voltooid, afgerond, zakończone,
        zakończony, zrealizowane, zrealizowano, concluído, concluída, 完成, 已完成, 完了, 取引完了, 取引終了, 交易成功, 交易完成, 成功, success,
        successful, succeeded, erfolgreich, réussi, réussie, exitoso, exitosa, geslaagd, erfolgt, shipped, partially shipped,
        partial shipped, versendet, versandt, verschickt, verzonden, expédié, expédiée, enviado, enviada, spedito, wysłane,
        wysłano, sent, dispatched, 已发货, 卖家已发货, 已发货，待签收, 待签收, 発送済み, 発送済, 出荷済み, delivered, zugestellt, geliefert,
        ausgeliefert, livré, livrée, entregado, entregada, entregue, consegnato, bezorgd, geleverd, dostarczone, 已签收, 已收货,
        已送达, 配達完了, 配達済み, shipped - delivered to buyer, shipped - picked up, shipped - out for delivery,
        processing, in process, in bearbeitung, in verarbeitung, en cours de préparation, en préparation, procesando,
        en proceso, in behandeling, in lavorazione, w trakcie realizacji, 处理中, 处理完成, processed, 待发货, 买家已付款, 等待卖家发货,
        买家已付款，等待卖家发货, 已付款待发货, 待收货, 等待收货, 等待买家确认收货, 卖家已发货，等待买家确认, 待评价, 已评价, 对方已收钱, 已收钱, 已存入零钱, 等待出库,
        已出库, 正在出库, 等待确认收货, 収納済み, 発送待ち, 発送準備中, awaiting shipment, awaiting fulfillment, awaiting pickup,
        ready for pickup, ready for shipping, unshipped, unfulfilled, nicht versendet, to be shipped, fulfilled, partially fulfilled, settled, captured, cleared,
        sentforsettle, settledinfull, paiement accepté, paiement effectué, paiement à distance accepté,
        payment accepted, payment received, payment completed, zahlung erhalten, pago aceptado, pago aprobado, approved,
        aprobado, accreditado, acreditado, aprovado, pagamento accettato, finalizado, finalizada, received, sale, sales, sell,
        payment, charge, order, purchase, verkauf, vente, venta, vendita, verkoop, sprzedaż, venda, 销售, 売上, 消费, 商户消费, 收入,
        zahlung, paiement, express checkout payment, website payment, ebay auction payment, mobile payment,
        general payment, payment_received, active, aktiv, fertig, closed sale, finished, beendet, confirmed, bestätigt,
        confirmé, confirmée, confirmado, confirmada, confermato, potwierdzone, 确认, 已确认, 确认收货, invoiced, fakturiert, berechnet,
        facturé, fully paid, paid in full, vollständig bezahlt, komplett bezahlt, teilweise versendet,  canceled reversal, 没有退款, 无售后, 未退款, 退款关闭, 无售后或售后取消, 售后取消, 未申请退款, 无退款, not refunded,
        ok, paid and shipped, payment authorized and captured, lieferung abgeschlossen, verkauft, 已结算, 已收款, 収入, 決済,
        交易已完成, 已成交, 已完结, 订单完成, 支付完成, 付款完成, 未开箱, aceptado, accepté, angenommen, accepted""",
    "unpaid": """in attesa di pagamento bancario, in attesa di pagamento con assegno, en attente de virement, obetald, ej betald, ожидает оплаты, не оплачен, ödeme bekleniyor, wachten op betaling, 待结账, 未结账, unpaid, pending, pending payment, pending_payment, payment pending, awaiting payment, awaiting bank wire payment,
        awaiting check payment, not paid, nicht bezahlt, unbezahlt, offen, ausstehend, zahlung ausstehend, wartet auf zahlung,
        warten auf zahlung, en attente, en attente de paiement, en attente du paiement par chèque,
        en attente de virement bancaire, en attente du paiement, impayé, impayée, non payé, pendiente, pendiente de pago,
        no pagado, impagado, in attesa, in attesa di pagamento, non pagato, openstaand, onbetaald, wacht op betaling, in afwachting,
        oczekujące, oczekuje na płatność, nieopłacone, niezapłacone, do zapłaty, pendente, aguardando pagamento,
        on hold, on-hold, holded, wartend, in wartestellung, en espera, draft, checkout draft, auto draft, saved, parked, layby, lay-by, layaway, zurückgehalten, zurückgestellt, mis en attente, entwurf, brouillon,
        borrador, bozza, concept, open, created, new, incomplete, unvollständig, abandoned, authorized, authorised, payment review,
        authorization, requires_payment_method, requires_action, requires payment method, pre-authorized, overdue, überfällig,
        in mahnung, gemahnt, en retard, vencido, verlopen betaling, invoice sent, 未付款, 待付款, 等待付款, 等待买家付款, 买家未付款, 未支付,
        待支付, 等待支付, 支付中, 用户支付中, 入金待ち, 未入金, 支払い待ち, 未払い, 決済待ち, 保留, 保留中, 仮注文, waiting for payment, niet betaald,
        betaling in afwachting, unfinished, quote, angebot, devis, presupuesto, pro forma, proforma, 报价, 見積""",
    "cancelled": """makulerad, avbruten, annullerad, annulleret, kansellert, peruutettu, отменён, отменен, отменена, отклонен, iptal, iptal edildi, reddedildi, 已撤单, 反结账, cancelled, canceled, cancel, canceled by buyer, cancelled by customer, cancelled by seller, cancelled order,
        order cancelled, cancellation, storniert, storno, stornierung, abgebrochen, annulliert, gekündigt, annulé, annulée,
        annulation, abandonné, cancelado, cancelada, anulado, anulada, venta cancelada, annullato, annullata, cancellato,
        geannuleerd, anulowane, anulowano, anulowany, anulowana, キャンセル, キャンセル済み, キャンセル済, キャンセル確定, 取消, 取消し, 取り消し, 已取消, 已作废,
        作废, 已关闭, 交易关闭, 交易已关闭, 订单关闭, 订单已关闭, 订单取消, 关闭, 已撤销, 已撤单, failed, failure, fehlgeschlagen, gescheitert, échoué, échouée,
        échec, fallido, fallida, fallito, mislukt, nieudane, falhou, 失败, 支付失败, 付款失败, 交易失败, 失敗, 決済失敗, voided, void, declined,
        abgelehnt, refusé, refusée, rechazado, rechazada, rifiutato, geweigerd, odrzucone, recusado, refused, rejected, denied, error,
        fehler, erreur, erreur de paiement, payment error, errore di pagamento, error en pago, error de pago, expired, abgelaufen,
        expiré, expirée, caducado, expirado, scaduto, verlopen, 期限切れ, 已过期, 已超时, 超时关闭, 交易超时, trash, deleted, gelöscht, supprimé,
        eliminado, 已删除, fraud, suspected fraud, betrug, 欺诈, blocked, gesperrt, 锁定, uncaptured, timed out, timeout,
        已取消，退款成功, 未付款已取消, (删除)等待出库, (删除)锁定, anuluj, cancelada pelo comprador, aborted, dropped, rescinded""",
    "refunded": """återbetald, refunderet, refundert, возвращен, возвращён, возврат выполнен, iade edildi, iade, 已退单, 已退菜, refunded, fully refunded, erstattet, rückerstattet, zurückerstattet, vollständig erstattet, gutgeschrieben,
        komplett erstattet, remboursé, remboursée, reembolsado, reembolsada, devuelto, devuelta, devolvido, devolvida, rimborsato,
        rimborsata, terugbetaald, zwrócone, zwrócono, zwrócony, 已退款, 退款成功, 退款完成, 已全额退款, 全额退款, 已退货, 退货成功, 已收货，退款成功,
        已发货，退款成功, 未发货，退款成功, 返金済み, 返金済, 返品済み, 返金完了, returned, zurückgesandt, zurückgeschickt, retourniert, retourné,
        retournée, geretourneerd, reso effettuato, reversed, returned to seller, shipped - returned to seller,
        shipped - rejected by buyer, shipped - returning to seller, charged back, chargedback, charge back lost, disputed lost,
        refundedexternally, completely refunded, money back, ausgezahlt an kunde, vollständig zurückerstattet""",
    "partly refunded": """partially refunded, partially_refunded, partial refund, partly refunded, refunded in part,
        teilweise erstattet, teilerstattet, teilweise zurückerstattet, teilweise rückerstattet, partiellement remboursé,
        partiellement remboursée, remboursement partiel, remboursé partiellement, reembolsado parcialmente, parcialmente reembolsado,
        reembolso parcial, parzialmente rimborsato, rimborsato parzialmente, gedeeltelijk terugbetaald, częściowo zwrócone, 部分退款,
        部分退款成功, 已部分退款, 一部返金, 一部返金済み, partial chargeback, partially returned, teilretoure""",
    "refund": """возврат, kreditfaktura, kreditnota, refund, refunds, payment refund, return, returns, credit, credit note, credit memo, creditmemo, gutschrift,
        rückerstattung, erstattung, rückgabe, retoure, rücksendung, remboursement, retour, avoir, note de crédit, reembolso,
        devolución, devolucion, nota de crédito, abono, rimborso, reso, nota di credito, terugbetaling, creditnota, zwrot, korekta,
        devolução, estorno, 退款, 退货, 退货退款, 仅退款, 返金, 返品, 払い戻し, chargeback, charge back, dispute, reversal, payment reversal,
        rückbuchung, rückzahlung, rétrofacturation, contracargo, kreditmemo, rechnungskorrektur, stornorechnung,
        chargeback refund, refund_failure_reversal, payment_refund, partial_refund, refund order, rf""",
    "not a sale": """allgemeine abbuchung, allgemeine gutschrift auf kreditkarte, bankgutschrift auf paypal-konto, von nutzer eingeleitete abbuchung, payout, payouts, auszahlung, versement, retrait, transferencia, retiro, prelievo, wypłata, 提现, 转账, 转出, 出金, 振込,
        transfer, transfers, general withdrawal, withdrawal, withdraw funds to bank account, bank deposit to pp account,
        general currency conversion, currency conversion, währungsumrechnung, user initiated withdrawal, fee, fees, gebühr, gebühren, payment fee,
        stripe fee, stripe_fee, service fee, service fees, network cost, frais, commission, comisión, comision, provision, 手续费, 服务费, 手数料,
        adjustment, anpassung, ajustement, ajuste, fba inventory fee, other transaction, advertising, subscription fee, listing fee,
        account hold for open authorization, reversal of general account hold, general hold, hold on balance, release of general hold,
        test, test order, testbestellung, topup, top up, top-up, 充值, 支出, 不计收支, shipping label, versandetikett, deposit, sales tax,
        selling fee, other fee, ads fee, 扣款, mass pay payment, bank transfer, contribution, merchantpayout, miscellaneous fee, invoicededuction,
        marketing fee, buyer fee, postage label, balance transfer, reserve, reserve release, previous reserve amount balance,
        current reserve amount, opening balance, closing balance, anfangssaldo, endsaldo, cash drawer, kassensturz, cash in, cash out,
        einlage, entnahme, privatentnahme""",
}  # fmt: skip

#: Words for yes and no, in columns whose heading asks a question ("Cancelled?", "bezahlt").
_YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "ja",
        "j",
        "oui",
        "o",
        "sí",
        "si",
        "vrai",
        "wahr",
        "verdadero",
        "tak",
        "t",
        "是",
        "有",
        "已",
        "はい",
        "x",
        "✓",
        "✔",
    ]
)
_NO = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "nein",
        "non",
        "faux",
        "falsch",
        "falso",
        "nie",
        "f",
        "否",
        "无",
        "没有",
        "未",
        "いいえ",
        "nee",
        "não",
    ]
)

_SEPARATE = re.compile(r"[\W_]+")


def word_of(value: object) -> str:
    """Strip a status of all that does not tell statuses apart.

    Examples
    --------
    >>> word_of("wc-on_hold"), word_of(" Partially Refunded "), word_of("已全额退款（¥5.00）")
    ('onhold', 'partiallyrefunded', '已全额退款')
    """
    text = re.sub(r"^\s*wc[-_]", "", str(value).strip(), flags=re.IGNORECASE)
    return plain(text)


_KIND_OF: dict[str, str] = {}
for _kind, _words in WORDS.items():
    for _word in re.split(r",(?=\s)", _words):
        _KIND_OF.setdefault(word_of(_word), _kind)

#: "Cancelled by buyer on ...", "Refunded (partial)": a beginning that settles the rest. Longer ones first.
_BEGINNINGS = (
    ("partiallyrefund", "partly refunded"), ("partialrefund", "partly refunded"), ("teilweiseerstattet", "partly refunded"),
    ("部分退款", "partly refunded"), ("已部分退款", "partly refunded"), ("一部返金", "partly refunded"), ("refundedpartially", "partly refunded"),
    ("已全额退款", "refunded"), ("已退款", "refunded"), ("退款成功", "refunded"), ("refunded", "refunded"), ("fullyrefunded", "refunded"),
    ("returnedto", "refunded"), ("shippedreturn", "refunded"), ("shippedrejected", "refunded"),
    ("cancelled", "cancelled"), ("canceled", "cancelled"), ("ventacancelada", "cancelled"), ("storniert", "cancelled"),
    ("annulé", "cancelled"), ("已取消", "cancelled"), ("交易关闭", "cancelled"), ("キャンセル", "cancelled"), ("删除", "cancelled"),
    ("等待买家付款", "unpaid"), ("enattentedepaiement", "unpaid"), ("enattentedupaiement", "unpaid"), ("awaitingpayment", "unpaid"),
    ("shipped", "counts"), ("delivered", "counts"), ("买家已付款", "counts"), ("卖家已发货", "counts"), ("已发货", "counts"),
)  # fmt: skip

#: "(deleted) waiting to be sent": the mark before the status is what counts.
_STRUCK_OUT = re.compile(
    r"\s*[(（【\[]\s*(?:已?删除|已?取消|delet|cancel|storn|annul)", re.IGNORECASE
)

#: Headings that can mean nothing but a status, whatever is in the cells.
_SURELY_STATUS = re.compile(
    r"(?:order|payment|transaction|financial|sales?|item|bestell|zahlungs|auftrags|current)?"
    r"(?:status|state|statut|estado|stato|stan|статус|durum)(?:code|id|name)?|"
    r"(?:订单|交易|支付|付款|当前)?(?:状态|状態)|ステータス|注文状態|statusbestellung|étatcommande|estadodelpedido"
)

#: Headings of columns that say when the goods left, not whether they were paid for.
_ABOUT_GOODS = re.compile(
    r"fulfil|shipping|shipment|delivery|versand|liefer|expédition|livraison|envío|envio|spedizione|物流|发货|配送|発送|tracking",
    re.IGNORECASE,
)
#: Headings of columns that say whether it was paid.
_ABOUT_PAYMENT = re.compile(
    r"pay|paid|financial|zahl|bezahl|paiement|pago|pagamento|betaal|płatno|付款|支付|決済|入金|支払",
    re.IGNORECASE,
)
#: Headings of columns that say what a customer is.
_ABOUT_PEOPLE = re.compile(
    r"(customer|client|buyer|member|account|kunden?|user|客户|会员|买家|顧客|会員).*(type|typ|group|status|segment|art|class|类型|等级|种类|種別|区分)|"
    r"subscri|newsletter|opt.?in|marketing|product|item|artikel|商品|宝贝|payment.?(method|type|source|brand)|zahlart|zahlungsart|支付方式",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"status|state|statut|estado|stato|zustand|situação|状态|狀態|状態|ステータス|type|typ\b|art\b|kind|vorgang|event|"
    r"类型|收/支|退款|种类|種別|result|ergebnis|cancel|storn|refund|void|paid|paymen|financial",
    re.IGNORECASE,
)
#: Headings that ask a question -> what "yes" means, what "no" means.
_QUESTIONS: tuple[tuple[str, str, str], ...] = (
    (r"cancel+ed|cancel+ation|iscancel+ed|storniert|storno|annulé|annulée|cancelado|annullato|已取消|是否取消|キャンセル|voided?|isvoid|geannuleerd|deleted",
     "cancelled", "counts"),
    (r"(?:fully)?refunded|isrefund(ed)?|erstattet|remboursé|reembolsado|rimborsato|已退款|是否退款|返金|returned|isreturn(ed)?|terugbetaald",
     "refunded", "counts"),
    (r"paid|ispaid|bezahlt|payé|payée|pagado|pagato|betaald|已付款|是否付款|是否支付|captured|入金済み?", "counts", "unpaid"),
    (r"test|istest|testorder|testmode|测试", "not a sale", "counts"),
)  # fmt: skip
#: Headings of columns that say on which side of an account an amount stands, without a sign in the amount itself.
_SIDES = re.compile(
    r"(debit|dr|dc)(credit|cr)?|(credit|cr|cd)(debit|dr)?|drcr|crdr|sollhaben|sh|shkennzeichen|sollhabenkennzeichen|debitcredit.*|"
    r"creditdebit.*|借贷|借贷方向|收支|收支类型|debehaber|dareavere|debetcredit|sens"
)
_SIDE_OF = dict.fromkeys(
    ["c", "cr", "credit", "haben", "h", "贷", "收入", "收", "haber", "avere", "crédit", "in", "+"],
    "counts",
)
_SIDE_OF |= dict.fromkeys(
    ["d", "dr", "debit", "soll", "s", "借", "支出", "支", "debe", "dare", "débit", "out", "-"],
    "refund",
)
#: Headings of columns that are filled only where an order was cancelled.
_CANCELLED_AT = re.compile(
    r"(cancel+ed|voided|storno|storniert|annul+ation|cancelación)(at|on|date|time|datum|am|zeit|le)|(date|datum)(cancel+ed|storno)|"
    r"stornodatum|dateannulation|取消时间|取消日期|キャンセル日時?|fechacancelación"
)


def kind_of(value: object) -> str | None:
    """Say what a status means for the money; None where the word is not known.

    Examples
    --------
    >>> kind_of("wc-completed"), kind_of("交易关闭"), kind_of("Teilweise erstattet"), kind_of("blue")
    ('counts', 'cancelled', 'partly refunded', None)
    """
    word = word_of(value)
    if not word:
        return None
    if _STRUCK_OUT.match(str(value)):
        return "cancelled"
    if (found := _KIND_OF.get(word)) is not None:
        return found
    return next((kind for start, kind in _BEGINNINGS if word.startswith(start)), None)


@dataclass
class Statuses:
    """What the status columns say of each row: ``kind`` ('' where they say nothing), ``column`` it was read in."""

    kind: np.ndarray
    column: np.ndarray
    columns: list[str] = field(default_factory=list)
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_statuses(
    cells: pd.DataFrame, taken: set[str], wanted: str | bool | None, meanings: dict[str, str] | None
) -> Statuses:
    """Find the status columns and read them.

    Parameters
    ----------
    cells : DataFrame
    taken : set of str
        Columns that play another part already.
    wanted : str, bool or None
        The heading of the only status column; False: there is none; None: found.
    meanings : dict, optional
        Word in the file -> kind (see :data:`KINDS`), where the reader knows better.

    Raises
    ------
    BadOption, ColumnNotFound
    """
    rows = len(cells)
    kind = np.full(rows, "", dtype=object)
    where = np.full(rows, "", dtype=object)
    found = Statuses(kind, where)
    own = _own_meanings(meanings)
    if wanted is False:
        return found
    if isinstance(wanted, str):
        names = [n for n in cells.columns if n == wanted or plain(n) == plain(wanted)]
        if not names:
            raise ColumnNotFound(
                f"There is no column {wanted!r} to be the status. The columns are, with their first values:\n"
                f"{listing(cells)}"
            )
        names = names[:1]
    else:
        names = [name for name in cells.columns if name not in taken]
    kinds = {}
    for name in names:
        read = _one_column(cells[name], str(name), own, sure=isinstance(wanted, str))
        if read is not None:
            kinds[str(name)] = read
    _put_together(found, kinds)
    _say_what_was_found(found, kinds, own)
    found.notes += _not_understood(cells, names, kinds)
    found.notes += _remarks(cells, names, kinds)
    return found


#: Columns in which people write what happened.
_REMARKS = re.compile(
    r"notes?|internalnotes?|ordernotes?|comments?|remarks?|memo|bemerkung(?:en)?|notiz(?:en)?|kommentar|anmerkung|commentaires?|remarques?|"
    r"observaciones|notas?|note|opmerking(?:en)?|uwagi|备注|订单备注|商家备注|说明|備考|メモ"
)


def _remarks(cells: pd.DataFrame, names: list[Any], kinds: dict[str, _Read]) -> list[str]:
    """Ask about remarks that say that an order was cancelled or given back."""
    notes = []
    for name in names:
        if str(name) in kinds or not _REMARKS.fullmatch(plain(name)):
            continue
        counts = as_text(cells[name]).value_counts()
        away = {
            text: int(n)
            for text, n in counts.items()
            if len(text) <= 40 and kind_of(text) in ("cancelled", "refunded", "refund", "unpaid")
        }
        if away:
            words = ", ".join(
                f"{text!r} ({counted(n, 'row')})" for text, n in list(away.items())[:4]
            )
            notes.append(
                f"WARNING: {words} in {str(name)!r}: those rows count as sales. If the remark is what happened, say "
                f"status={str(name)!r}; status=False takes this warning away."
            )
    return notes


def _not_understood(cells: pd.DataFrame, names: list[Any], kinds: dict[str, _Read]) -> list[str]:
    """Ask what a status column means of which not one word is known: numbers, or another language."""
    notes = []
    for name in names:
        if str(name) in kinds or not _SURELY_STATUS.fullmatch(plain(name)):
            continue
        texts = as_text(cells[name])
        counts = texts[~texts.map(_says_nothing)].value_counts()
        if not 2 <= len(counts) <= 30 or all(
            re.fullmatch("[A-Z]{2}", text) for text in counts.index
        ):
            continue  # one value says nothing; two capitals are states of a country
        words = ", ".join(
            f"{text!r} ({counted(int(n), 'row')})" for text, n in counts.head(5).items()
        )
        notes.append(
            f"WARNING: nothing tells what the values of {str(name)!r} mean: {words}. Every row counts as a sale. Say what is "
            f"none: statuses={{{str(counts.index[-1])!r}: 'cancelled'}} (or 'unpaid', 'refunded', 'refund', 'not a sale'); "
            "status=False takes this warning away."
        )
    return notes


def _own_meanings(meanings: Any) -> dict[str, str]:
    if meanings is None:
        return {}
    if not isinstance(meanings, dict) or not set(map(str, meanings.values())) <= set(KINDS):
        raise BadOption(
            f"statuses={meanings!r} must say what words mean, such as {{'On hold': 'counts'}}. "
            f"The meanings are {', '.join(map(repr, KINDS))}."
        )
    return {word_of(word): str(kind) for word, kind in meanings.items()}


@dataclass
class _Read:
    codes: np.ndarray
    texts: list[str]
    kinds: list[str]  # "" unknown
    counts: np.ndarray


#: A column with more different values than this is no status column.
_MOST_VALUES = 60


def _one_column(values: pd.Series, name: str, own: dict[str, str], sure: bool) -> _Read | None:
    """Read one column as a status; None where it is none."""
    numeric = pd.api.types.is_numeric_dtype(values.dtype)
    question = any(re.fullmatch(words, plain(name)) for words, _, _ in _QUESTIONS)
    if numeric and not pd.api.types.is_bool_dtype(values.dtype) and not question:
        return None
    head = as_text(values.head(2000))
    if not sure and head.nunique() > _MOST_VALUES and not _CANCELLED_AT.fullmatch(plain(name)):
        return None
    codes, uniques = pd.factorize(as_text(values))
    texts = [str(text) for text in uniques]
    counts = np.bincount(codes, minlength=len(texts))
    if _CANCELLED_AT.fullmatch(plain(name)):
        kinds = ["" if _says_nothing(text) else "cancelled" for text in texts]
        return _Read(codes, texts, kinds, counts) if "cancelled" in kinds else None
    if len(texts) > (_MOST_VALUES if not sure else 10_000):
        return None
    sides = [_SIDE_OF.get(text.casefold().rstrip("."), "") for text in texts]
    if _SIDES.fullmatch(plain(name)) and all(
        side or _says_nothing(text) for side, text in zip(sides, texts, strict=True)
    ):
        return _Read(codes, texts, sides, counts)
    for words, yes, no in _QUESTIONS:
        if re.fullmatch(words, plain(name)) and all(
            t.casefold() in _YES | _NO or _says_nothing(t) for t in texts
        ):
            kinds = ["" if _says_nothing(t) else yes if t.casefold() in _YES else no for t in texts]
            return _Read(codes, texts, kinds, counts)
    kinds = [own.get(word_of(text)) or kind_of(text) or "" for text in texts]
    # "Closed" is a receipt that is done, and in one shop system an order that was given back.
    magento = {"complete", "processing", "holded", "pendingpayment"} & {word_of(t) for t in texts}
    for at, text in enumerate(texts):
        if word_of(text) == "closed" and "closed" not in own:
            kinds[at] = "refunded" if magento else "counts"
    filled = np.array([not _says_nothing(text) for text in texts])
    known = np.array([bool(kind) for kind in kinds])
    total = counts[filled].sum()
    if not total or not known.any():
        return None
    share = counts[known & filled].sum() / total
    if not sure and share < (0.5 if _HEADING.search(name) else 0.8):
        return None
    if not sure and not _HEADING.search(name) and len({k for k in kinds if k}) < 2:
        return None  # one word such as "Active" in a column of any name says nothing
    if not sure and _ABOUT_PEOPLE.search(name):
        return None  # "new" and "returning" are customers, not orders
    if not sure and not {"counts", "refund", "not a sale"} & set(kinds) and share < 0.9:
        return None
    for at, text in enumerate(texts):
        word = word_of(text)
        if _ABOUT_GOODS.search(name) and kinds[at] == "unpaid" and word not in own:
            kinds[at] = "counts"  # not sent yet; whether it was paid stands elsewhere
    return _Read(codes, texts, kinds, counts)


def _says_nothing(text: str) -> bool:
    from crmkit.data.own.cells import NOTHING

    return text.casefold() in NOTHING or text in ("/", "0000-00-00", "0000-00-00 00:00:00")


#: Of two columns, the one that takes money away is believed; "unpaid" gives way to a column about payment.
_STRENGTH = [
    "",
    "counts",
    "partly refunded",
    "unpaid",
    "refunded",
    "cancelled",
    "refund",
    "not a sale",
]


def _put_together(found: Statuses, kinds: dict[str, _Read]) -> None:
    if not kinds:
        return
    about_payment = [
        name
        for name, read in kinds.items()
        if _ABOUT_PAYMENT.search(name) and {"counts", "unpaid"} & set(read.kinds)
    ]
    rank = {kind: at for at, kind in enumerate(_STRENGTH)}
    best = np.zeros(len(found.kind), dtype=np.int8)
    for name, read in kinds.items():
        meaning = [
            "counts" if kind == "unpaid" and about_payment and name not in about_payment else kind
            for kind in read.kinds
        ]
        read.kinds[:] = meaning
        strength = np.array([rank[kind] for kind in meaning], dtype=np.int8)[read.codes]
        stronger = strength > best
        best[stronger] = strength[stronger]
        found.column[stronger] = name
        found.columns.append(name)
        for text, kind in zip(read.texts, meaning, strict=True):
            if kind:
                found.words[name, text] = kind
    found.kind[:] = np.array(_STRENGTH, dtype=object)[best]


def _say_what_was_found(found: Statuses, kinds: dict[str, _Read], own: dict[str, str]) -> None:
    for name, read in kinds.items():
        said: dict[str, list[str]] = {}
        unknown = []
        for text, kind, count in zip(read.texts, read.kinds, read.counts, strict=True):
            if kind:
                said.setdefault(kind, []).append(text)
            elif not _says_nothing(text):
                unknown.append((text, int(count)))
        away = [
            f"{KINDS[kind]}: {', '.join(map(repr, words[:4]))}" + (" ..." if len(words) > 4 else "")
            for kind, words in said.items()
            if kind != "counts"
        ]
        if away:
            found.notes.append(
                f"What became of each row is read in {name!r}: "
                + "; ".join(away)
                + ". The rest counts. "
                "status=False counts every row."
            )
        if unknown:
            words = ", ".join(f"{text!r} ({counted(n, 'row')})" for text, n in unknown[:5])
            found.notes.append(
                f"WARNING: {words} in {name!r} could not be understood and counts as a sale. If it is none, say "
                f"statuses={{{unknown[0][0]!r}: 'cancelled'}} (or 'unpaid', 'refunded', 'refund', 'not a sale'); "
                "'counts' takes this warning away."
            )
