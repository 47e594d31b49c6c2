### Слова Plenary по-русски.

plenary = Plenary

## Везде
skip-to-main = Перейти к тексту
language = Язык
theme-to-dark = Тёмные цвета
theme-to-light = Светлые цвета
sign-out = Выйти
close = Закрыть
cancel = Отменить
save = Сохранить
saving = Сохраняем…
undo = Вернуть
copy-link = Скопировать ссылку
link-copied = Ссылка скопирована.
copy-failed = Браузер не разрешает копировать. Вот ссылка: { $link }
try-again = Попробовать ещё раз
menu = Меню
all-reports = Все доклады
administrator = Администратор
somebody = Кто-то
person-of = { $name }, { $organization }
person-for = { $name }, от имени: { $organization }
none = нет

## Что идёт не так
trouble-offline = Нет связи с сетью или с сервером. Введённое вами осталось здесь: попробуйте ещё раз, когда связь вернётся.
trouble-unauthenticated = Вы не вошли. Откройте ещё раз ссылку из приглашения; введённое вами останется в этом окне.
trouble-forbidden = Это можно читать, но не менять.
trouble-not-found = Этого больше нет, или вам это не показывают.
trouble-invalid-invitation = Это приглашение недействительно или уже не действует.
trouble-invalid = Что-то из введённого не подходит.
trouble-too-large = Слишком длинно. Сократите или разделите надвое.
trouble-conflict = Кто-то успел раньше: за это время здесь всё изменилось. Посмотрите, что стало, и попробуйте ещё раз.
trouble-too-many-requests = Слишком много попыток подряд. Подождите минуту и попробуйте ещё раз.
trouble-unavailable = Сервер перезапускается или занят. Введённое вами осталось здесь: попробуйте чуть позже.
trouble-fault = Произошла ошибка на нашей стороне. Введённое вами осталось здесь.

lost-address-title = По этому адресу ничего нет
lost-address-text = Возможно, в адресе опечатка или страница переехала.
lost-report-title = Этого доклада для вас нет
lost-report-text = Либо такого доклада нет, либо вас в него не приглашали. Если у вас есть ссылка из приглашения, откройте её ещё раз.
lost-section-title = Такого раздела нет
lost-section-text = Возможно, его убрали из структуры. Остальные разделы перечислены в структуре доклада.
lost-signed-out-title = Вы не вошли
lost-signed-out-text = Откройте ещё раз ссылку из приглашения: она выполнит вход.
lost-server-title = Сервер не отвечает
lost-server-text = Проверьте связь. Изменения, сделанные здесь, хранятся на этом устройстве и будут отправлены, когда сервер ответит.
lost-fault-title = Страницу не удаётся показать
lost-fault-text = Это наша ошибка; доклад на сервере цел. Попробуйте загрузить страницу ещё раз.
load-again = Загрузить ещё раз

## Роли, стадии, виды
role-coordinator = Координатор
role-drafter = Автор текста
role-reviewer = Рецензент
role-observer = Наблюдатель
role-removed = Удалён из доклада
stage-drafting = Пишется
stage-in_review = На рассмотрении
stage-agreed = Согласован
stage-locked = Закрыт
kind-government = Государственный орган
kind-un_system = Система ООН
kind-civil_society = Гражданское общество
kind-academia = Наука
kind-private_sector = Частный сектор
kind-local_authority = Местные власти
kind-other = Другое
dimension-1 = Права мигрантов
dimension-2 = Общегосударственный подход
dimension-3 = Партнёрства
dimension-4 = Благополучие мигрантов
dimension-5 = Мобильность в условиях кризисов
dimension-6 = Безопасная, упорядоченная и законная миграция
priority-high = Высокий
priority-medium = Средний
priority-low = Низкий
status-proposed = Предложена
status-under_discussion = Обсуждается
status-agreed = Согласована
status-not_agreed = Не согласована
status-merged = Объединена
status-withdrawn = Отозвана
status-published = Опубликована
position-support = За
position-support_with_changes = За с изменениями
position-object = Против
position-abstain = Воздержалась
position-no_mandate = Нет мандата
position-waiting = Ждёт условия
position-lapsed = Условие не выполнено
position-none = Позиции пока нет
positions-part = { $position }: { $count }

## Вход
join-page = Ваше приглашение
join-skip = Перейти к форме
join-plate = Ваша табличка
join-caption = Такой вас увидят другие: у каждого замечания и рекомендации и рядом с вашим курсором.
join-invited = Приглашение рассмотреть проект доклада
join-lead-coordinator = Вас приглашают координировать рассмотрение проекта доклада: составить структуру, пригласить людей, править текст, отвечать на замечания и сводить рекомендации.
join-lead-drafter = Вас приглашают писать этот доклад: работать над текстом разделов, отвечать на замечания и предлагать рекомендации.
join-lead-reviewer = Вас приглашают рассмотреть проект доклада: прочитать его, оставить замечания к тексту и предложить рекомендации от вашей организации.
join-lead-observer = Вас приглашают наблюдать за рассмотрением проекта доклада: читать разделы, замечания и рекомендации.
join-name = Ваше имя, каким его увидят другие
join-name-missing = Введите имя, которое увидят другие.
join-your-name = Ваше имя
join-organization = Вы говорите от имени
join-organization-set = указал координатор
join-organization-hint = Организация не та? Прежде чем продолжить, скажите тому, кто прислал вам ссылку. Потом изменить её нельзя.
join-keep = Не выходить на этом устройстве 30 дней. Не отмечайте на общем компьютере.
join-enter = Войти в доклад
join-entering = Входим…
join-not-me = Я не { $name }
join-not-me-text = Значит, эта ссылка сделана для другого человека. Закройте страницу, скажите тому, кто её прислал, и попросите собственную ссылку.
join-stored = Что обо мне хранится
join-stored-text = Ваше имя, организация, что вы пишете и когда. Это видят остальные участники доклада. Вы можете попросить координатора удалить вас; написанное останется вместе с именем.
join-checking = Проверяем приглашение…
join-expired-title = Приглашение больше не действует
join-expired-text = Его срок истёк, или его отозвали. Попросите новую ссылку у того, кто её прислал; написанное вами не потеряно.
join-no-link-title = Ссылка неполная
join-no-link-text = Не хватает части после знака #. Скопируйте ссылку из приглашения целиком или откройте её оттуда.

## Доклады
reports-page = Доклады
reports-title = Ваши доклады
reports-empty-title = Докладов пока нет
reports-empty-text = Откройте ссылку из приглашения: с этого времени доклад будет в этом списке.
reports-signed-out-title = Откройте ссылку из приглашения
reports-signed-out-text = В Plenary нет паролей. Ссылка из приглашения выполняет вход в её доклад на этом устройстве. Если вы её не находите, попросите у координатора новую.
reports-sections = { NUMBER($count) ->
    [one] { $count } раздел
    [few] { $count } раздела
    [many] { $count } разделов
   *[other] { $count } раздела
}
open-comments = { NUMBER($count) ->
    [one] { $count } открытое замечание
    [few] { $count } открытых замечания
    [many] { $count } открытых замечаний
   *[other] { $count } открытого замечания
}
recommendations-count = { NUMBER($count) ->
    [one] { $count } рекомендация
    [few] { $count } рекомендации
    [many] { $count } рекомендаций
   *[other] { $count } рекомендации
}
report-since = с { $day }
you-are = Вы: { $name }, { $organization }

## Рамка доклада
nav-label = Части доклада
nav-report = Доклад
nav-recommendations = Рекомендации
nav-overview = Обзор
nav-people = Участники
outline = Структура
outline-empty = В докладе пока нет разделов.
section-number = Раздел { $number }
pane-text = Текст
pane-review = Обсуждение
pane-register = Реестр
here-now = { NUMBER($count) ->
    [0] Сейчас здесь больше никого
    [one] Сейчас здесь { $count } человек
    [few] Сейчас здесь { $count } человека
    [many] Сейчас здесь { $count } человек
   *[other] Сейчас здесь { $count } человека
}
here-in-section = здесь: { $names }
you-label = Вы: { $who }
review-loading = Загружаем доклад…

## Структура и стадии, для координаторов
outline-add = Добавить раздел…
outline-menu = Изменить раздел: { $title }
outline-rename = Переименовать…
outline-up = Переместить выше
outline-down = Переместить ниже
outline-is-first = он уже первый
outline-is-last = он уже последний
outline-title = Название
outline-title-missing = Введите название.
outline-kind = Вид
outline-after = Стоит после
outline-at-start = (в самом начале)
outline-drafted-by = Кто готовит
outline-save-new = Добавить раздел
outline-added = Раздел добавлен: { $title }.
outline-changed = Раздел изменён: { $title }.
outline-start = Добавьте первый раздел: в разделах пишут, комментируют и предлагают рекомендации.
outline-wait = Координатор ещё не добавил разделы. Как только они появятся, вы увидите их здесь.
section-kind-front = Вводная часть, без номера
section-kind-narrative = Обычный текст
section-kind-dimension = Измерение
section-kind-register = Рекомендации
section-kind-annex = Приложение
stage-change = Сменить стадию…
stage-means-drafting = Текст правят составители. Рецензенты уже могут комментировать и предлагать рекомендации.
stage-means-in_review = Рецензенты комментируют и предлагают рекомендации; составители по-прежнему правят текст.
stage-means-agreed = Текст правит только координатор. Комментарии и рекомендации ещё принимаются.
stage-means-locked = Раздел больше не правят и не комментируют, рекомендаций к нему не добавляют. Открытые комментарии ещё можно закрыть.
stage-set = { $title }: { $stage }.
stage-lock = Закрыть раздел
stage-lock-title = Закрыть раздел «{ $title }»?

saved-saved = Сохранено
saved-saving = Сохраняем…
saved-offline = { NUMBER($count) ->
    [0] Нет связи
    [one] Нет связи, { $count } изменение хранится здесь
    [few] Нет связи, { $count } изменения хранятся здесь
    [many] Нет связи, { $count } изменений хранятся здесь
   *[other] Нет связи, { $count } изменения хранятся здесь
}
saved-refused = { NUMBER($count) ->
    [one] { $count } изменение не принято
    [few] { $count } изменения не приняты
    [many] { $count } изменений не приняты
   *[other] { $count } изменения не приняты
}
saved-saved-title = Всё сохранено
saved-saved-text = Ваше последнее изменение записано на диск сервера, и его видят все, кто здесь.
saved-saving-title = Сохраняем последнее изменение
saved-saving-text = Оно на этом устройстве и в пути. Другие увидят его, когда сервер запишет его на диск.
saved-offline-title = Нет связи
saved-offline-text = Продолжайте работать: изменения хранятся в этом окне и будут отправлены, когда связь вернётся. Другие их пока не видят. Не закрывайте окно, пока не появится «Сохранено».
saved-refused-title = Не принято
saved-refused-text = Сервер не принял это изменение. Ваши слова сохранены: посмотрите сообщение рядом с текстом.
back-online = Связь восстановлена.
removed-title = Вы больше не участвуете в этом докладе.
removed-text = Координатор закрыл вам доступ. Написанное вами останется вместе с именем.
news-recommendations = { NUMBER($count) ->
    [one] { $count } новая рекомендация.
    [few] { $count } новые рекомендации.
    [many] { $count } новых рекомендаций.
   *[other] { $count } новой рекомендации.
}
alarm-offline = Нет связи.

keys-title = Клавиши
keys-panes = Структура, текст, обсуждение, шапка: следующая часть страницы
keys-panes-back = Предыдущая часть
keys-help = Этот список
keys-comment = Замечание к выделенным словам
keys-recommend = Рекомендация к выделенным словам
keys-next-mark = Следующая отметка в тексте
keys-previous-mark = Предыдущая отметка в тексте
keys-send = Отправить написанное
keys-close = Закрыть открытое
keys-undo = Отменить своё последнее изменение
keys-bold = Полужирный
keys-italic = Курсив

## Рекомендации
no-lead = Ответственного пока нет

## Форма рекомендации
form-text = Полностью
form-dimension = Измерение
form-lead = Ответственное учреждение
form-timeframe = К какому сроку
form-priority = Приоритет
form-rationale = Почему (необязательно)
form-not-set = Не указано
form-saved-new = Рекомендация R{ $number } записана.

## Участники
people-title = Участники
people-text = Все, кто работает с докладом, и от чьего имени.
people-invite = Пригласить человека
people-name = Имя
people-organization = Организация
people-organization-hint = Если такого названия здесь ещё нет, появится новая организация.
people-code = Короткий код для таблички
people-kind = Вид организации
people-role = Роль
people-joined = Вход
people-not-joined = ещё не было
people-invite-send = Сделать ссылку-приглашение
people-name-missing = Введите имя.
people-organization-missing = Введите организацию.
people-made = Приглашение: { $name }
people-made-text = Отправьте эту ссылку только адресату ({ $name }): кто её откроет, будет говорить от этого имени. Ссылка показывается только сейчас.
people-remove = Удалить
people-remove-title = Удалить из доклада: { $name }?
people-remove-text = Ссылка и открытые страницы перестанут действовать сразу. Написанное останется вместе с именем.
people-removed = { $name }: доступ закрыт.

### Текст и обсуждение

## Инструменты
tools-label = Инструменты текста
mode-label = Режим
mode-editing = Правка
mode-viewing = Просмотр
tool-style = Стиль абзаца
style-paragraph = Текст
style-h2 = Заголовок 1
style-h3 = Заголовок 2
style-h4 = Заголовок 3
style-quote = Цитата
tool-bold = Полужирный
tool-italic = Курсив
tool-underline = Подчёркнутый
tool-strike = Зачёркнутый
tool-bulletList = Маркированный список
tool-orderedList = Нумерованный список
tool-table = Таблица
tool-link = Ссылка
tool-note = Сноска
tool-redo = Вернуть
tool-more = Другие инструменты
tool-comment = Комментарий
tool-recommend = Рекомендация
table-row = Добавить строку
table-column = Добавить столбец
table-row-out = Убрать строку
table-column-out = Убрать столбец
table-out = Убрать таблицу
link-address = Адрес
link-set = Поставить ссылку
link-remove = Убрать ссылку
link-wrong = Это не адрес сайта и не адрес почты. Пример: https://iom.int
note-words = Текст сноски
note-remove = Убрать сноску
note-edit = Изменить сноску
note-empty = (пока без текста)
note-back = Назад к тексту
notes-label = Сноски

## Лист
sheet-placeholder = Здесь пока ничего нет. Начните писать.
sheet-loading = Загружаем текст…
sheet-stages = Стадия раздела
sheet-drafted-by = Готовит: { $name }
sheet-why-locked = Раздел закрыт: его больше не правят и не комментируют.
sheet-why-agreed = Раздел согласован: его правит только координатор.
sheet-why-role = Вы можете читать этот раздел. Пишут в нём только составители.
sheet-was-locked = Раздел закрыт.
sheet-held = Сервер отклонил несколько изменений подряд, поэтому страница теперь только показывает текст. Чтобы продолжить, загрузите её заново.
refused-title = Не принято.
refused-no-words = Слова не потеряны.
refused-copy = Скопировать
refused-copied = Скопировано.
refused-copy-failed = Браузер не даёт скопировать. Выделите слова и скопируйте их сами.
refused-send = Отправить как комментарий
refused-put-away = Убрать

## Карточки
rail-kinds = Что показывать
rail-all = Все
rail-comments = Комментарии
rail-recommendations = Рек.
rail-filters = Фильтры
rail-open = Открытые
rail-mine = Мои
rail-hidden = { NUMBER($count) ->
    [one] скрыта { $count }
    [few] скрыто { $count }
    [many] скрыто { $count }
   *[other] скрыто { $count }
}
rail-no-fit = Под фильтры ничего не подходит
rail-show-all = Показать все
rail-empty = В этом разделе нет комментариев
rail-empty-how = Выделите слова и нажмите Ctrl Alt M или выберите «Комментарий».
rail-new = { NUMBER($count) ->
    [one] { $count } новый комментарий.
    [few] { $count } новых комментария.
    [many] { $count } новых комментариев.
   *[other] { $count } нового комментария.
}
bundle-passage = { NUMBER($count) ->
    [one] { $count } комментарий к этому месту
    [few] { $count } комментария к этому месту
    [many] { $count } комментариев к этому месту
   *[other] { $count } комментария к этому месту
}
bundle-section = { NUMBER($count) ->
    [one] { $count } комментарий ко всему разделу
    [few] { $count } комментария ко всему разделу
    [many] { $count } комментариев ко всему разделу
   *[other] { $count } комментария ко всему разделу
}
detached-title = { NUMBER($count) ->
    [one] { $count } без места в тексте
    [few] { $count } без места в тексте
    [many] { $count } без места в тексте
   *[other] { $count } без места в тексте
}
detached-text = Слова, к которым они относились, удалены. Они остаются здесь вместе с этими словами, пока их не закроют или не дадут им новое место.
place-hint = Выделите слова, к которым это относится теперь, и выберите «Поставить сюда».
card-edited = изменено
card-edit = Изменить свой комментарий
card-edit-reply = Изменить свой ответ
card-paragraph = Абзац { $number }
card-whole-section = весь раздел
card-lost = без места
card-open = открыт
card-resolved = закрыт
card-name-comment = Комментарий, { $where }, { $who }, { $replies }, { $state }
card-name-recommendation = Рекомендация { $number }, { $where }
card-replies = { NUMBER($count) ->
    [0] нет ответов
    [one] { $count } ответ
    [few] { $count } ответа
    [many] { $count } ответов
   *[other] { $count } ответа
}
card-reply = Ответить
card-resolve = Закрыть
card-reopen = Открыть снова
card-resolved-by = Закрыл(а) { $name }
card-place-again = Поставить снова…
rec-lead = Отвечает: { $name }
rec-in-register = Открыть в реестре
flag-spoken = рекомендация к этому месту
toast-resolved = Комментарий закрыт.
toast-undo-failed = Отменить не удалось. Откройте комментарий снова на его карточке.
toast-placed = Поставлено.
bubble-label = К выделенным словам
bubble-place = Поставить сюда
compose-comment = Ваш комментарий
compose-recommendation = Новая рекомендация
compose-new = Новая
compose-number = номер появится при сохранении
compose-whole-section = Ко всему разделу
compose-what = Что следует сделать?
compose-save-later = Сохранить, дополнить позже
compose-all-fields = Все поля…
advice-verb = Заголовок не говорит, что сделать: начните с глагола.
advice-lead = Ответственного пока нет
advice-timeframe = Срока пока нет
advice-label = Чего ей ещё не хватает
advice-linked = Привязана к месту в тексте
section-recommendations = Рекомендации этого раздела
