### Слова заседания и диаграмм.

## Что организация говорит о рекомендации
says-renew = подтвердить заново
says-waits-for = Ждёт R{ $number }
says-lapsed-with = Отпала: R{ $number } не согласована
sum-support = за
sum-support_with_changes = за с изменениями
sum-object = против
sum-abstain = воздержались
sum-no_mandate = без мандата
sum-waiting = ждут условия
sum-lapsed = условие не выполнено
sum-none = без позиции

## Заседание на экране
meet-page = Заседание
meet-live = В эфире, сохранено
meet-connecting = Соединение…
meet-lost = Связи нет: показано последнее известное
meet-own = Только в этом окне
meet-empty-title = Решать нечего
meet-empty-text = Первая же предложенная рекомендация появится здесь.
meet-waiting-title = Заседание сейчас продолжится
meet-waiting-text = Председатель ещё не выбрал рекомендацию.
meet-dimension = Измерение { $number }, { $name }
meet-lead = отвечает: { $name }
meet-timeframe = срок: { $time }
meet-from-section = раздел { $number }
meet-spoken = Высказались { $spoken } из { $all }
meet-clock = Осталось времени
meet-clock-over = Время вышло
meet-clock-none = Часы не заведены
meet-clock-start = Пустить часы
meet-clock-stop = Остановить часы
meet-clock-set = Завести часы
meet-minutes = { NUMBER($count) ->
    [one] { $count } минута
    [few] { $count } минуты
    [many] { $count } минут
   *[other] { $count } минуты
}
meet-quote = «{ $text }»
meet-asks = Какие изменения предлагают организации
meet-asks-none = Других формулировок никто не предлагает.
meet-previous = Назад
meet-next = Далее
meet-contested = Следующая спорная
meet-agenda = Порядок обсуждения
meet-to-settle = { NUMBER($count) ->
    [one] осталась { $count }
    [few] осталось { $count }
    [many] осталось { $count }
   *[other] осталось { $count }
}
meet-wording-show = Формулировки
meet-wording-hide = Скрыть формулировки
meet-full = Во весь экран
meet-full-end = Обычный экран
meet-chair = Экран председателя
meet-projector = Открыть экран для зала
meet-agree = Записать как согласованную…
meet-not-agree = Записать как несогласованную…
meet-keys = ← → листать, пробел — часы, W — формулировки, F — во весь экран
meet-says-news = { $code }: { $says }. { $spoken } из { $all }.
meet-table-news = R{ $number }: { $title }
meet-status-news = R{ $number }: { $status }

## Экран председателя
chair-title = Экран председателя
chair-lead = Что вы выберете здесь, то и покажут все экраны этого доклада.
chair-not-begun = Заседание не идёт: каждое окно показывает, что выбрано в нём самом.
chair-not-coordinator = Председательствует только координатор. За заседанием можно следить на экране для зала.
chair-begin = Начать заседание
chair-end = Закончить заседание
chair-on-table = Сейчас в зале
chair-clock = Часы
chair-reset = Снова { $time }
chair-decide = Что решает заседание
chair-decide-closed = { $status }. Чтобы изменить это, откройте обсуждение снова в реестре.
chair-discuss = Открыть обсуждение
chair-dispose = Запросить согласие { $code }…
chair-disposition-asked-agreed = { $code } спрашивают, согласна ли она записать рекомендацию как согласованную.
chair-disposition-asked-not_agreed = { $code } спрашивают, согласна ли она записать рекомендацию как несогласованную.
chair-disposition-accepted-agreed = { $code } согласна записать рекомендацию как согласованную.
chair-disposition-accepted-not_agreed = { $code } согласна записать рекомендацию как несогласованную.
chair-disposition-declined-agreed = { $code } не согласна записать рекомендацию как согласованную.
chair-disposition-declined-not_agreed = { $code } не согласна записать рекомендацию как несогласованную.
chair-because = Причина: { $reason }
chair-silent = Ещё не высказались
chair-silent-none = Высказались все.
chair-spoken = Высказались
chair-spoken-none = Пока никто не высказался.
chair-record = Записать, что говорит { $name }
chair-record-again = Записать новую позицию: { $name }
chair-on-behalf = записал координатор
chair-earlier = о прежней формулировке
chair-why-objection = { NUMBER($count) ->
    [one] { $count } возражение
    [few] { $count } возражения
    [many] { $count } возражений
   *[other] { $count } возражения
}
chair-why-condition = { NUMBER($count) ->
    [one] { $count } условие
    [few] { $count } условия
    [many] { $count } условий
   *[other] { $count } условия
}
chair-why-disposition = Её организация не согласна
chair-why-changes = { NUMBER($count) ->
    [one] { $count } просит изменений
    [few] { $count } просят изменений
    [many] { $count } просят изменений
   *[other] { $count } просят изменений
}
chair-why-renew = { NUMBER($count) ->
    [one] { $count } позицию надо подтвердить
    [few] { $count } позиции надо подтвердить
    [many] { $count } позиций надо подтвердить
   *[other] { $count } позиции надо подтвердить
}
chair-why-silence = { NUMBER($count) ->
    [one] { $count } не высказалась
    [few] { $count } не высказались
    [many] { $count } не высказались
   *[other] { $count } не высказались
}
chair-why-none = Споров нет

## Диалоги председателя
chair-reason-agreed = Согласована на заседании: { $sums }.
chair-reason-not_agreed = Не согласована на заседании: { $sums }.

## Диаграммы
pic-title = Обзор
pic-say = { NUMBER($count) ->
    [one] { $count } рекомендация, решено { $settled }
    [few] { $count } рекомендации, решено { $settled }
    [many] { $count } рекомендаций, решено { $settled }
   *[other] { $count } рекомендации, решено { $settled }
}
pic-say-contested = { NUMBER($count) ->
    [one] спорных — { $count }
    [few] спорных — { $count }
    [many] спорных — { $count }
   *[other] спорных — { $count }
}
pic-lead = Позиции организаций, в реальном времени. Складывается только то, что засчитано: позиции, которые ждут условия или утратили силу, показаны отдельно.
pic-empty-title = Диаграмм пока нет
pic-empty-text = Они появятся с первой рекомендацией.
pic-print = Печать
pic-meeting = Заседание
pic-as-table = Показать таблицей
pic-save = Сохранить как SVG
pic-saved = Файл { $name } сохранён.
pic-organizations = Поддержка по организациям
pic-organizations-about = Что каждая организация говорит обо всех рекомендациях.
pic-dimensions = Поддержка по измерениям
pic-dimensions-about = Позиции по рекомендациям каждого измерения.
pic-objectives = Поддержка по целям Глобального договора
pic-objectives-about = Позиции по рекомендациям каждой цели; одна рекомендация может служить нескольким.
pic-objectives-none = Ни одна рекомендация пока не связана с целью Глобального договора.
pic-path = Путь во времени
pic-path-about = Сколько рекомендаций где стояло с тех пор, как была предложена первая.
pic-organization = Организация
pic-dimension = Измерение
pic-objective = Цель
pic-objective-of = Цель { $number }
pic-recommendations = Рекомендации
pic-no-dimension = Не указано
pic-day = День
pic-desc-row = { $name }: { $parts }
pic-part = { $what } { $count }
