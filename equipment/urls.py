from __future__ import annotations

from django.urls import path

from equipment.views import allotments, catalogue, gaps, gifts, handovers, items, receipts, units

app_name = "equipment"
urlpatterns = [
    path("con-thieu/", gaps.GapList.as_view(), name="gaps"),
    # gifts
    path("tai-tro/", gifts.GiftList.as_view(), name="gifts"),
    path("tai-tro/them/", gifts.GiftAdd.as_view(), name="gift-add"),
    path("tai-tro/<int:pk>/", gifts.detail, name="gift"),
    path("tai-tro/<int:pk>/sua/", gifts.GiftEdit.as_view(), name="gift-edit"),
    path("tai-tro/<int:pk>/rut/", gifts.GiftWithdraw.as_view(), name="gift-withdraw"),
    path("tai-tro/<int:pk>/ket-thuc/", gifts.GiftClose.as_view(), name="gift-close"),
    path("tai-tro/<int:pk>/tien/", gifts.PaymentAdd.as_view(), name="payment-add"),
    path("tai-tro/<int:pk>/tien/<int:payment>/huy/", gifts.PaymentCancel.as_view(), name="payment-cancel"),
    path("tai-tro/<int:pk>/lap-bien-ban/", handovers.Prepare.as_view(), name="prepare"),
    path("tai-tro/<int:pk>/ban-giao/", handovers.HandOverMany.as_view(), name="hand-over-many"),
    path("tai-tro/<int:pk>/in/", handovers.printed_of_gift, name="print-of-gift"),
    # allotments
    path("phan-bo/", allotments.Allot.as_view(), name="allot"),
    path("phan-bo/chon/", allotments.choose_line, name="choose-line"),
    path("phan-bo/de-xuat/", allotments.Propose.as_view(), name="propose"),
    path("phan-bo/<int:pk>/huy/", allotments.AllotmentCancel.as_view(), name="allotment-cancel"),
    # handovers
    path("ban-giao/", handovers.HandoverList.as_view(), name="handovers"),
    path("ban-giao/<int:pk>/", handovers.detail, name="handover"),
    path("ban-giao/<int:pk>/sua/", handovers.HandoverEdit.as_view(), name="handover-edit"),
    path("ban-giao/<int:pk>/in/", handovers.printed, name="print"),
    path("ban-giao/<int:pk>/giao/", handovers.HandOver.as_view(), name="hand-over"),
    path("ban-giao/<int:pk>/huy/", handovers.HandoverCancel.as_view(), name="handover-cancel"),
    path("ban-giao/<int:pk>/nhan/", receipts.Confirm.as_view(), name="confirm"),
    path("ban-giao/<int:pk>/tu-choi/", receipts.Refuse.as_view(), name="refuse"),
    path("ban-giao/<int:pk>/ban-quet/", receipts.stored_scan, name="scan"),
    path("ban-giao/<int:pk>/ban-quet/tai-len/", receipts.Scan.as_view(), name="scan-add"),
    # machines
    path("may/", items.ItemList.as_view(), name="items"),
    path("may/<int:pk>/", items.detail, name="item"),
    path("may/<int:pk>/sua/", items.ItemEdit.as_view(), name="item-edit"),
    path("may/<int:pk>/su-kien/", items.EventAdd.as_view(), name="event-add"),
    path("may/<int:pk>/su-kien/<int:event>/huy/", items.EventCancel.as_view(), name="event-cancel"),
    path("may/<int:pk>/dieu-chuyen/", items.Transfer.as_view(), name="transfer"),
    # units
    path("don-vi/", units.my_units, name="my-units"),
    path("don-vi/<int:pk>/", units.unit, name="unit"),
    path("don-vi/<int:pk>/dang-ky/", items.ItemAdd.as_view(), name="item-add"),
    path("don-vi/<int:pk>/chua-co-may/", units.Declare.as_view(), name="declare"),
    # what administrators keep
    path("danh-muc/", catalogue.catalogue, name="kinds"),
    path("danh-muc/loai/them/", catalogue.KindAdd.as_view(), name="kind-add"),
    path("danh-muc/loai/<int:pk>/", catalogue.KindEdit.as_view(), name="kind-edit"),
    path("danh-muc/cau-hinh/them/", catalogue.MinimumAdd.as_view(), name="minimum-add"),
    path("danh-muc/cau-hinh/<int:pk>/", catalogue.MinimumEdit.as_view(), name="minimum-edit"),
]
