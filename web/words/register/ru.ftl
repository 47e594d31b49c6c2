### Слова реестра рекомендаций и записи.

register-meeting = Заседание
register-pictures = Диаграммы
register-title = Рекомендации
register-so-far = { NUMBER($count) ->
    [0] Пока ни одной.
    [one] Пока { $count }.
    [few] Пока { $count }.
    [many] Пока { $count }.
   *[other] Пока { $count }.
}
register-new = Новая рекомендация
register-view = Показать как
register-table = Таблица
register-cards = Карточки
register-search = Поиск
register-dimension = Измерение
register-lead = Ответственный
register-priority = Приоритет
register-incomplete = Без ответственного или срока
register-number = №
register-recommendation = Рекомендация
register-by = Срок
register-status = Состояние
register-group = Измерение { $number }. { $name }
register-empty-title = Рекомендаций пока нет
register-empty-text = Откройте раздел, выделите место, которое требует действий, и выберите «Рекомендовать». Или напишите рекомендацию здесь.
register-no-fit-title = Ни одна рекомендация не подходит
register-hidden = { NUMBER($count) ->
    [one] Поиск и фильтры скрывают { $count } рекомендацию.
    [few] Поиск и фильтры скрывают { $count } рекомендации.
    [many] Поиск и фильтры скрывают { $count } рекомендаций.
   *[other] Поиск и фильтры скрывают { $count } рекомендации.
}
register-clear = Очистить поиск и фильтры
register-changed = Эта строка больше не подходит под фильтры; она останется, пока вы не перейдёте дальше.
no-date = Срока пока нет
no-lead-no-date = Ни ответственного, ни срока пока нет
leads = отвечает
priority-said-high = Высокий приоритет
priority-said-medium = Средний приоритет
priority-said-low = Низкий приоритет
record-label = Рекомендация R{ $number }
record-section = Раздел { $number }, { $title }
record-passage = Место в тексте
record-rationale = Почему
record-author = Кто предложил
record-edited = Изменена
record-not-there = Такой рекомендации нет
record-not-there-text = Возможно, она из другого доклада или в адресе опечатка.
form-new = Новая рекомендация
form-title = Что следует сделать?
form-title-hint = Одно предложение, которое начинается с глагола: «Дать работникам шестьдесят дней на поиск нового работодателя».
form-title-missing = Скажите одним предложением, что следует сделать.
form-text-missing = Напишите рекомендацию полностью, пусть даже одним предложением.
form-section = Раздел
form-timeframe-hint = Дата или промежуток: «декабрь 2027», «12 месяцев».
form-save-new = Сохранить рекомендацию
form-draft = Здесь ваш прежний черновик.
form-draft-drop = Начать заново

## Шапка реестра
register-sums = Согласовано: { $agreed }, обсуждается: { $discussed }.
register-asked = { NUMBER($count) ->
    [one] Позиции { $count } организации, обновляются сразу.
    [few] Позиции { $count } организаций, обновляются сразу.
    [many] Позиции { $count } организаций, обновляются сразу.
   *[other] Позиции { $count } организации, обновляются сразу.
}
export = Выгрузить
export-means = Все рекомендации с итогами позиций, как они есть сейчас.
export-xlsx = Электронная таблица (.xlsx)
export-csv = Таблица (.csv)
export-public = Открытая страница
export-json = Данные (.json)

## Виды
views-label = Виды реестра
view-all = Все
view-settle = Решить
view-incomplete = Без ответственного или срока
view-silent = { $code }: нет позиции
view-renew = { $code }: подтвердить заново
view-published = Опубликованные
view-save = Сохранить вид…
view-save-title = Сохранить этот вид
view-name = Название вида
view-save-hint = Поиск, фильтры, порядок и группы. Название хранится в этом браузере; сам вид — это его ссылка, её можно послать другим.
view-forget = Забыть вид «{ $name }»

## Фильтры, порядок, группы
register-section = Раздел
register-theme = Тема
register-gcm = Глобальный договор
register-sdg = Задачи ЦУР
register-position = Позиция
register-organization = Организация
register-positions = Позиции
register-who = По организациям
register-more = Ещё фильтры
register-any = (любое)
register-all-status = Любое состояние
register-all-dimension = Все измерения
register-all-lead = Все ответственные
register-mine = Предложенные мной
register-not-merged = Без объединённых
register-open = Предложена или обсуждается
register-by-other = Без даты в тексте
register-without-dimension = Без измерения
register-without-lead = Без ответственного
register-without-theme = Без темы
register-without-priority = Без приоритета
register-without-by = Без срока
register-without-gcm = Без цели Глобального договора
register-without-sdg = Без задачи ЦУР
register-without-position = Без позиции
register-group-by = Группировать
register-group-none = Без групп
register-sort-by = Упорядочить
register-down = Последние вперёд
register-drop-filter = убрать этот фильтр
register-caption = Реестр рекомендаций
matrix-caption = Позиция каждой организации по каждой рекомендации
matrix-cell = { $code }: { $position }
matrix-cell-renew = { $code }: { $position }, подтвердить заново

## По организациям
who-caption = Позиции по организациям
who-organization = Организация
who-head = Глава делегации
who-no-head = не назван
who-set-head = Назвать…
who-change-head = Сменить…
who-leads = Отвечает за
who-silent = { $name }: нет позиции, рекомендаций: { $count }
who-renew = { $name }: подтвердить заново, рекомендаций: { $count }
who-leads-count = { $name }: отвечает, рекомендаций: { $count }
head-title = Глава делегации: { $name }
head-means = Только глава занимает позиции организации, отвечает, как записать её рекомендации, и отзывает их. Остальные её участники комментируют и рекомендуют, как прежде. Без главы это может каждый из них.
head-nobody = От этой организации в докладе пока никого нет или есть только наблюдатели. Сначала пригласите кого-нибудь.

## Поля на месте
edit-field = Изменить: { $field }
edit-empty = Это поле не может быть пустым.
edit-overtaken = Поле изменилось.
edit-overtaken-text = Кто-то изменил это поле, пока вы писали. Ваш текст выше; при сохранении он заменит чужой. Сейчас там:
edit-take-theirs = Оставить как сейчас
picker-search = Поиск в списке
picker-own = добавлено для этого доклада
picker-nothing = В списке ничего не подходит.
picker-code = Код
picker-title = Название
picker-add = Добавить в список
picker-add-own = Добавить в этот список…
institution-hint = Выберите организацию этого доклада или впишите другое название.
institution-known = Организация этого доклада: { $code }.
institution-other = Это не организация этого доклада; название останется, как вы его написали.
institution-add = Добавить
institution-none = сначала впишите название
institution-drop = Убрать: { $name }
evidence-claim = Утверждение { $number }
evidence-claim-missing = Скажите, что показывает каждый источник.
evidence-source = Источник
evidence-source-hint = Адрес в интернете или публикация со страницей.
evidence-drop = Убрать утверждение
evidence-add = Добавить утверждение
evidence-no-source = источника пока нет
record-supporting = Содействуют
record-supporting-add = Содействующее учреждение
record-verified = Как проверить
record-verified-hint = Как любой увидит, что это сделано: документ, показатель, дата.
record-not-verified = пока не указано
record-evidence = Обоснования
record-merged-into = Объединена с R{ $number } { $title }
record-split-from = Выделена из R{ $number }
record-carried-from = Перенесена из прежнего доклада, там R{ $number }
record-detached = Её место в тексте удалено.
record-place = Найти ей новое место в тексте
advice-title = Пока нельзя исполнить
advice-means = Это совет, он ничего не запрещает.

## Позиции
positions-of = { $count } из { NUMBER($all) ->
    [one] { $all } организации
    [few] { $all } организаций
    [many] { $all } организаций
   *[other] { $all } организации
}
positions-maintained = { NUMBER($count) ->
    [one] { $count } возражение сохраняется
    [few] { $count } возражения сохраняются
    [many] { $count } возражений сохраняется
   *[other] { $count } возражения сохраняются
}
positions-trail = { NUMBER($count) ->
    [one] { $count } прежняя позиция
    [few] { $count } прежние позиции
    [many] { $count } прежних позиций
   *[other] { $count } прежней позиции
}
position-renew = Подтвердить заново
position-earlier = занята по прежней формулировке
position-with = с изменениями: { $changes }
position-if = если согласована R{ $number }
position-on-behalf = записал координатор
position-for = R{ $number }, { $organization }
position-missing = Выберите позицию.
position-changes = Что нужно изменить?
position-changes-missing = Скажите, что нужно изменить.
position-statement = Заявление, его могут прочитать все
position-condition = Только если согласована другая
position-no-condition = (без условия)
position-condition-hint = С условием позиция считается, как только другая рекомендация согласована, и теряет силу, если та не согласована или отозвана.
position-reworded = Формулировка изменилась, пока вы писали. Прочитайте её снова, прежде чем записать позицию.
position-read-again = Прочитано
position-record = Записать нашу позицию
position-record-for = Записать для { $code }
position-recorded = R{ $number }, { $code }: { $position }.
mine-says = Ваша организация, { $code }:
mine-none = Ваша организация, { $code }, позиции пока не заняла.
mine-head = Глава делегации: { $name }.
mine-you-head = Вы глава её делегации.
mine-on-behalf = Эту позицию за вас записал координатор ({ $name }). Подтвердите её или исправьте.
mine-confirm = Подтвердить
mine-correct = Исправить…
mine-renew = Объединение или разделение изменило рекомендацию. Подтвердите позицию заново или измените её.
mine-renew-as-is = Подтвердить без изменений
mine-change = Изменить нашу позицию…
mine-earlier = Она занята по прежней формулировке.
mine-only-head = Позиции вашей организации занимает только { $name }. Скажите ему или ей своё мнение.
mine-closed = Позиции больше не принимаются.
behalf = Записать за организацию…
behalf-whose = Чью позицию вы записываете?
behalf-choose = (выберите организацию)
behalf-hint = Будет видно, что её записали вы; организацию попросят подтвердить или исправить.

## Путь
record-path = Путь
record-next = Что дальше
record-next-none = Что дальше, решает координатор; предложившая организация может отозвать рекомендацию.
next-discuss = Открыть обсуждение…
next-propose_disposition = Запросить согласие…
next-decide = Записать решение…
next-publish = Опубликовать…
next-merge = Объединить…
next-split = Разделить…
next-withdraw = Отозвать…
next-reopen = Открыть снова…
step-proposed = Предложена
step-discussion = Обсуждение открыто
step-disposition_proposed = Запрошено согласие: { $status }
step-disposition_accepted = Принято: { $status }
step-disposition_declined = Отклонено: { $status }
step-decided = Записано: { $status }
step-merged = Объединена с { $other }
step-gained = С ней объединена { $other }
step-split = Выделена { $other }
step-withdrawn = Отозвана
step-reopened = Обсуждение открыто снова
step-done = R{ $number }: { $deed }.
step-published = Опубликована
disposition-asks = Координатор хочет записать R{ $number } так: { $status }.
disposition-asks-us = Принимает ли это предложившая организация, { $organization }?
disposition-waits = { $organization }: запрошено согласие, «{ $status }». Ответа пока нет.
disposition-head = Отвечает { $name }.
disposition-accepted = { $organization }: принято, «{ $status }». Осталось записать решение.
disposition-declined = { $organization }: отклонено, «{ $status }».
disposition-decline = Отклонить…
ask-status = Записать как
ask-reason = Причина
ask-reason-optional = Причина (необязательно)
ask-reason-missing = Скажите почему: это останется в её пути для всех.
ask-reason-hint = Это могут прочитать все участники доклада.
ask-discuss = Открыть обсуждение R{ $number }?
ask-propose_disposition = Запросить согласие по R{ $number }?
ask-accept = Принять предложенное решение по R{ $number }?
ask-decline = Отклонить предложенное решение по R{ $number }?
ask-agreed = Записать R{ $number } как согласованную?
ask-not_agreed = Записать R{ $number } как несогласованную?
ask-publish = Опубликовать R{ $number }?
ask-merge = Объединить R{ $number } с другой?
ask-split = Разделить R{ $number }?
ask-withdraw = Отозвать R{ $number }?
ask-reopen = Открыть R{ $number } снова?
means-discuss = Все увидят, что она обсуждается. Позиции остаются.
means-propose_disposition = Предложившую организацию ({ $organization }) попросят принять или отклонить. Этим ещё ничего не решено.
means-accept = После этого координатор может записать решение без дальнейших причин.
means-decline = Ваша причина останется в её пути. Координатор всё же может записать решение, но должен сказать почему.
means-decide = Позиции закроются, и все участники доклада увидят итог. Её можно открыть снова, назвав причину.
means-objections = { NUMBER($count) ->
    [one] { $count } возражение сохранится в записи.
    [few] { $count } возражения сохранятся в записи.
    [many] { $count } возражений сохранится в записи.
   *[other] { $count } возражения сохранятся в записи.
}
means-publish = Она попадёт в открытый реестр, где её прочитает каждый. Поля и позиции закроются навсегда; вернуть это нельзя.
means-merge = Она на этом кончится и будет указывать на другую. Другая сохранит свой заголовок и текст; организации попросят заново подтвердить позиции по ней. Вернуть это нельзя.
means-split = Из неё выйдет новая рекомендация того же автора и будет обсуждаться отдельно. Организации попросят заново подтвердить позиции по этой.
means-withdraw = Она останется в реестре как отозванная, с вашей причиной. Координатор может открыть её снова.
means-reopen = Она обсуждается снова, и можно снова занимать позиции.
do-discuss = Открыть обсуждение
do-propose_disposition = Запросить
do-accept = Принять
do-decline = Отклонить
do-agreed = Записать как согласованную
do-not_agreed = Записать как несогласованную
do-publish = Опубликовать
do-merge = Объединить
do-split = Разделить
do-withdraw = Отозвать
do-reopen = Открыть снова
merge-into = Объединить с
merge-choose = Выберите рекомендацию, которая останется.
merge-this = R{ $number }, кончается
merge-that = R{ $number }, остаётся
split-title = Чего должна достичь новая?
conflict-title = Вас опередили
conflict-text = { $who }, { $time }: «{ $deed }». Ваш выбор не записан.
conflict-kept = Написанное сохранено для следующей попытки:
conflict-see = Посмотреть R{ $number } сейчас

## Исполнение
progress = Исполнение
progress-not_started = Не начато
progress-under_way = Исполняется
progress-done = Исполнено
progress-dropped = Прекращено
progress-none = Пока ничего не сообщено.
progress-report = Сообщить об исполнении…
progress-who = Об исполнении сообщают ответственное учреждение и координатор.
progress-state = Как далеко продвинулось?
progress-note = Что сделано
progress-link = Где это видно (адрес в интернете)
progress-link-wrong = Это не адрес в интернете. Пример: https://iom.int
progress-send = Записать
progress-recorded = Исполнение R{ $number } записано.
carry = Перенести…
carry-title = Перенести из прежнего доклада
carry-means = Что там согласовано или опубликовано и не исполнено и не прекращено, может продолжиться здесь как предложенное, со ссылкой на то, откуда оно.
carry-no-report = У вас нет другого доклада с рекомендациями, где вы координатор.
carry-from = Из какого доклада
carry-choose = (выберите доклад)
carry-which = Какие
carry-nothing = В том докладе ничего не осталось, или всё уже здесь.
carry-none = выберите хотя бы одну
carry-do = { NUMBER($count) ->
    [0] Перенести
    [one] Перенести { $count }
    [few] Перенести { $count }
    [many] Перенести { $count }
   *[other] Перенести { $count }
}
carry-done = { NUMBER($count) ->
    [0] Переносить было нечего.
    [one] Перенесена { $count } рекомендация.
    [few] Перенесены { $count } рекомендации.
    [many] Перенесено { $count } рекомендаций.
   *[other] Перенесено { $count } рекомендации.
}

### Формулировка рекомендации, которую пишут вместе.

wording-label = Формулировка R{ $number }: название, затем текст
wording-comment = Комментировать формулировку
wording-comment-words = Комментировать эти слова
wording-comments = { NUMBER($count) ->
    [0] Нет открытых комментариев к формулировке
    [one] { $count } открытый комментарий к формулировке
    [few] { $count } открытых комментария к формулировке
    [many] { $count } открытых комментариев к формулировке
   *[other] { $count } открытого комментария к формулировке
}
wording-open-only = Только открытые
wording-title-empty = Первая строка — название. Пока она пуста, в реестре остаётся прежнее название.
wording-title-long = Первая строка — название, не длиннее 300 знаков. Пока она длиннее, в реестре остаётся прежнее название.
wording-text-empty = Под названием нет текста. Пока его нет, в реестре остаётся прежний текст.
wording-text-long = В тексте может быть 20 000 знаков. Пока он длиннее, в реестре остаётся прежний текст.
wording-why-observer = Вы можете читать эту формулировку. Если хотите комментировать или писать, обратитесь к координатору.
wording-why-others = Вы можете читать и комментировать эту формулировку. Пишут здесь составители, координатор и организация, которая её предложила.
wording-why-decided = Решение по этой рекомендации принято: формулировку меняет только координатор. Напишите в комментарии, что ещё следует изменить.
wording-why-merged = Эта рекомендация объединена с другой: здесь никто не пишет.
wording-why-withdrawn = Эта рекомендация отозвана: здесь никто не пишет.
wording-why-published = Эта рекомендация опубликована: её формулировка больше не меняется.
card-words = К словам формулировки
card-whole-wording = Вся формулировка
compose-whole-wording = Ко всей формулировке
