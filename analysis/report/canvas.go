package report

import "unicode/utf8"

// cell is one character of a canvas. A wide character has one cell too: what stands below it is placed by display
// columns, on rows of its own.
type cell struct {
	char  rune
	style style
}

var blank = cell{' ', plain}

// canvas is a grid of characters that grows as it is painted on; what is painted later covers what was there.
type canvas struct {
	rows [][]cell
}

// height is the number of rows; the next row to paint on has this index.
func (c *canvas) height() int { return len(c.rows) }

// reserve makes sure that the row exists.
func (c *canvas) reserve(row int) {
	for row >= len(c.rows) {
		if len(c.rows) < cap(c.rows) {
			c.rows = c.rows[:len(c.rows)+1]
			c.rows[len(c.rows)-1] = c.rows[len(c.rows)-1][:0]
			continue
		}
		c.rows = append(c.rows, nil)
	}
}

// put paints one character. A place left of or above the canvas is not painted on: rules that shift a patch's rows can
// name one.
func (c *canvas) put(row, column int, char rune, s style) {
	if row < 0 || column < 0 {
		return
	}
	c.reserve(row)
	line := c.rows[row]
	for column >= len(line) {
		line = append(line, blank)
	}
	line[column] = cell{char, s}
	c.rows[row] = line
}

// write paints text from column on.
func (c *canvas) write(row, column int, text string, s style) {
	for _, char := range text {
		c.put(row, column, char, s)
		column++
	}
}

// add paints text after what the row holds.
func (c *canvas) add(row int, text string, s style) {
	c.reserve(row)
	c.write(row, len(c.rows[row]), text, s)
}

// pad paints n blanks after what the row holds.
func (c *canvas) pad(row, n int) {
	c.reserve(row)
	for range n {
		c.rows[row] = append(c.rows[row], blank)
	}
}

// restyle changes the look of the characters that stand in columns [from, to) of a row.
func (c *canvas) restyle(row, from, to int, s style) {
	if row < 0 || row >= len(c.rows) {
		return
	}
	line := c.rows[row]
	for column := max(from, 0); column < min(to, len(line)); column++ {
		line[column].style = s
	}
}

// cut replaces the columns [from, to) of a row by mark, if the row reaches that far.
func (c *canvas) cut(row, from, to int, mark string, s style) {
	line := c.rows[row]
	keep := to - utf8.RuneCountInString(mark)
	if from < 0 || from > keep || to > len(line) {
		return
	}
	c.rows[row] = append(line[:from], line[keep:]...)
	c.write(row, from, mark, s)
}

// appendTo appends the rows to out, each with a line end, and empties the canvas. Without colour styles are left out.
func (c *canvas) appendTo(out []byte, color bool) []byte {
	for _, line := range c.rows {
		current := plain
		for _, cell := range line {
			if color && cell.style != current {
				if current != plain {
					out = append(out, sgrReset...)
				}
				current = cell.style
				out = append(out, sgr[current]...)
			}
			out = utf8.AppendRune(out, cell.char)
		}
		if current != plain {
			out = append(out, sgrReset...)
		}
		out = append(out, '\n')
	}
	c.rows = c.rows[:0]
	return out
}
