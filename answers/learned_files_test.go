package answers

import "math"

// file is l as it is written, weights rounded to what decides.
func (l *linear) file() linearFile {
	f := linearFile{Bias: roundTo(l.bias), Weights: map[string]float64{}}
	for i, w := range l.weights {
		if w = roundTo(w); w != 0 {
			f.Weights[figureKinds[i].name] = w
		}
	}
	for _, r := range l.ramps {
		if gain := roundTo(r.gain); gain != 0 {
			if f.Ramps == nil {
				f.Ramps = map[string][][3]float64{}
			}
			name := figureKinds[r.figure].name
			f.Ramps[name] = append(f.Ramps[name], [3]float64{r.from, r.to, gain})
		}
	}
	return f
}

// roundTo is x with as many digits as decide.
func roundTo(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// file is m as decision.json has it.
func (m *models) file() modelsFile {
	return modelsFile{m.ranker.file(), m.sure.file(), m.among.file()}
}

// file is l as foreign.json has it.
func (l *foreignLinear) file() foreignLinearFile {
	f := foreignLinearFile{Bias: roundTo(l.bias), Weights: map[string]float64{}}
	for i := range foreignFigures {
		if w := roundTo(l.weights[i]); w != 0 {
			name, _, _ := foreignKind(i)
			f.Weights[name] = w
		}
	}
	return f
}
