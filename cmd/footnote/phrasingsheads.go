package main

import (
	"cmp"

	"footnote/bot/lang"
)

// pageHeads is what stands above a page of phrasings, in the language that it asks in: it is
// handed to people who need know no other. No line of it begins with a question mark, which
// marks what they write.
var pageHeads = map[string]string{
	"en": `%s: how would you ask?

Below are answers. For each, write how you would ask for it, as you would type
it to somebody who knows: one way of asking on each line that begins with a
question mark, a whole question or a few words. Leave empty what you have no
idea for, and add lines that begin with a question mark as you like. The words
in brackets must stay as they are.
`,
	"de": `%s: Wie würdest du fragen?

Unten stehen Antworten. Schreib zu jeder, wie du danach fragen würdest, so wie
du es jemandem tippen würdest, der es weiß: eine Frage in jede Zeile, die mit
einem Fragezeichen beginnt, eine ganze Frage oder ein paar Wörter. Lass leer,
wozu dir nichts einfällt, und füge Zeilen mit einem Fragezeichen am Anfang
hinzu, so viele du magst. Die Wörter in Klammern müssen bleiben, wie sie sind.
`,
	"es": `%s: ¿cómo lo preguntarías?

Abajo hay respuestas. Escribe para cada una cómo la preguntarías, tal como se
lo escribirías a alguien que lo sabe: una forma de preguntar en cada línea que
empieza con un signo de interrogación, una pregunta entera o unas palabras.
Deja vacío lo que no te sugiera nada y añade cuantas líneas quieras que
empiecen con ese signo. Las palabras entre corchetes deben quedar como están.
`,
	"fr": `%s : comment demanderiez-vous ?

Voici des réponses. Pour chacune, écrivez comment vous la demanderiez, comme
vous l'écririez à quelqu'un qui sait : une façon de demander par ligne qui
commence par un point d'interrogation, une question entière ou quelques mots.
Laissez vide ce qui ne vous inspire rien, et ajoutez autant de lignes que vous
voulez qui commencent par ce signe. Les mots entre crochets doivent rester tels
quels.
`,
	"it": `%s: come lo chiederesti?

Qui sotto ci sono delle risposte. Per ciascuna scrivi come la chiederesti, così
come lo scriveresti a qualcuno che lo sa: un modo di chiedere in ogni riga che
comincia con un punto interrogativo, una domanda intera o qualche parola. Lascia
vuoto ciò per cui non ti viene in mente niente e aggiungi quante righe vuoi che
comincino con quel segno. Le parole tra parentesi quadre devono restare come
sono.
`,
	"pl": `%s: jak o to zapytać?

Poniżej są odpowiedzi. Przy każdej napisz, jak można o nią zapytać, tak jak się
pisze do kogoś, kto wie: jeden sposób pytania w każdym wierszu, który zaczyna się
znakiem zapytania, całe pytanie albo kilka słów. Zostaw puste to, do czego nic
nie przychodzi ci na myśl, i dodaj tyle wierszy ze znakiem zapytania na początku,
ile chcesz. Słowa w nawiasach muszą zostać takie, jakie są.
`,
	"pt": `%s: como você perguntaria?

Abaixo há respostas. Para cada uma, escreva como você perguntaria, do jeito que
escreveria a alguém que sabe: um modo de perguntar em cada linha que começa com
um ponto de interrogação, uma pergunta inteira ou algumas palavras. Deixe vazio
aquilo que não lhe sugere nada e acrescente quantas linhas quiser que comecem
com esse sinal. As palavras entre colchetes devem ficar como estão.
`,
	"ru": `%s: как бы вы об этом спросили?

Ниже стоят ответы. К каждому напишите, как бы вы о нём спросили, так, как
написали бы тому, кто знает: один вопрос в каждой строке, которая начинается с
вопросительного знака, целый вопрос или несколько слов. Оставьте пустым то, к
чему ничего не приходит в голову, и добавляйте строки с вопросительным знаком в
начале, сколько хотите. Слова в скобках должны остаться как есть.
`,
	"uk": `%s: як би ви про це запитали?

Нижче подано відповіді. До кожної напишіть, як би ви про неї запитали, так, як
написали б тому, хто знає: одне запитання в кожному рядку, що починається зі
знака питання, ціле запитання або кілька слів. Залиште порожнім те, до чого
нічого не спадає на думку, і додавайте рядки зі знаком питання на початку,
скільки хочете. Слова в дужках мають лишитися як є.
`,
}

// pageHead is that in a language, or in English.
func pageHead(tag string) string { return cmp.Or(pageHeads[lang.Base(tag)], pageHeads[lang.Default]) }
