from django.urls import path

from .views import comments, files, history, strategies, tables

app_name = "planning"
TABLE = "tables/<uuid:table_id>/"
ROW = TABLE + "strategies/<uuid:strategy_id>/"

urlpatterns = [
    path("", tables.table_list, name="table_list"),
    path("tables/new/", tables.table_create, name="table_create"),
    path(TABLE, tables.table_detail, name="table_detail"),
    path(TABLE + "rows/", tables.table_rows, name="table_rows"),
    path(TABLE + "staff/", tables.table_staff, name="table_staff"),
    path(TABLE + "presence/", tables.table_presence, name="table_presence"),
    path(TABLE + "details/", tables.table_write, name="table_write"),
    path(TABLE + "archive/", tables.table_archive, name="table_archive"),
    path(TABLE + "bring-back/", tables.table_bring_back, name="table_bring_back"),
    path(TABLE + "sharing/", tables.table_sharing, name="table_sharing"),
    path(TABLE + "join/", tables.table_join, name="table_join"),
    path(TABLE + "members/<int:member_id>/remove/", tables.member_remove, name="member_remove"),
    path(TABLE + "meeting/", tables.table_meeting, name="table_meeting"),
    path(TABLE + "copy/", tables.table_copy, name="table_copy"),
    path(TABLE + "past/", tables.table_past, name="table_past"),
    path(TABLE + "past/bring-back/", tables.past_bring_back, name="past_bring_back"),
    path(TABLE + "paste/", files.table_paste, name="table_paste"),
    path(TABLE + "history/", history.table_history, name="table_history"),
    path(TABLE + "print/", files.table_print, name="table_print"),
    path(TABLE + "export/<str:form>/", files.table_export, name="table_export"),
    path(TABLE + "import/", files.table_import, name="table_import"),
    path(TABLE + "import/<uuid:import_id>/", files.import_detail, name="import_detail"),
    path(TABLE + "import/<uuid:import_id>/apply/", files.import_apply, name="import_apply"),
    path(TABLE + "strategies/", strategies.strategy_add, name="strategy_add"),
    path(ROW, strategies.strategy_detail, name="strategy_detail"),
    path(ROW + "cells/<str:cell>/", strategies.cell_save, name="cell_save"),
    path(ROW + "cells/<str:cell>/undo/", strategies.cell_undo, name="cell_undo"),
    path(ROW + "cells/<str:cell>/bring-back/", strategies.cell_bring_back, name="cell_bring_back"),
    path(ROW + "bring-back/", strategies.strategy_bring_back, name="strategy_bring_back"),
    path(ROW + "transfer/", strategies.strategy_transfer, name="strategy_transfer"),
    path(ROW + "comments/", comments.comment_add, name="comment_add"),
    path(ROW + "comments/<uuid:comment_id>/resolve/", comments.comment_resolve, name="comment_resolve"),
    path(ROW + "comments/<uuid:comment_id>/reopen/", comments.comment_reopen, name="comment_reopen"),
    path(ROW + "move/", strategies.strategy_move, name="strategy_move"),
    path(ROW + "set-aside/", strategies.strategy_set_aside, name="strategy_set_aside"),
    path(ROW + "restore/", strategies.strategy_restore, name="strategy_restore"),
    path(ROW + "proposals/<uuid:proposal_id>/", strategies.proposal_decide, name="proposal_decide"),
]
