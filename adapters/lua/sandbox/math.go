package sandbox

import (
	"math"
	"math/rand/v2"

	glua "github.com/yuin/gopher-lua"
)

func (vm *VM) mathLibrary() map[string]Func {
	library := map[string]Func{
		"random": vm.mathRandom, "randomseed": vm.mathRandomSeed,
		"max": extreme(func(a, b glua.LNumber) bool { return a > b }),
		"min": extreme(func(a, b glua.LNumber) bool { return a < b }),
		"frexp": func(l *glua.LState) int {
			fraction, exponent := math.Frexp(float64(l.CheckNumber(1)))
			return numbers(l, fraction, float64(exponent))
		},
		"ldexp": func(l *glua.LState) int {
			return numbers(l, math.Ldexp(float64(l.CheckNumber(1)), min(max(Integer(l, 2, 0), -1<<20), 1<<20)))
		},
		"modf": func(l *glua.LState) int { return numbers(l, split(float64(l.CheckNumber(1)))...) },
	}
	for name, f := range map[string]func(float64) float64{
		"abs": math.Abs, "acos": math.Acos, "asin": math.Asin, "atan": math.Atan, "ceil": math.Ceil, "cos": math.Cos,
		"cosh": math.Cosh, "exp": math.Exp, "floor": math.Floor, "log": math.Log, "log10": math.Log10, "sin": math.Sin,
		"sinh": math.Sinh, "sqrt": math.Sqrt, "tan": math.Tan, "tanh": math.Tanh,
		"deg": func(x float64) float64 { return x * 180 / math.Pi },
		"rad": func(x float64) float64 { return x * math.Pi / 180 },
	} {
		library[name] = func(l *glua.LState) int { return numbers(l, f(float64(l.CheckNumber(1)))) }
	}
	for name, f := range map[string]func(x, y float64) float64{"atan2": math.Atan2, "fmod": math.Mod, "pow": math.Pow} {
		library[name] = func(l *glua.LState) int {
			return numbers(l, f(float64(l.CheckNumber(1)), float64(l.CheckNumber(2))))
		}
	}
	return library
}

func numbers(l *glua.LState, values ...float64) int {
	for _, v := range values {
		l.Push(glua.LNumber(v))
	}
	return len(values)
}

func split(x float64) []float64 {
	if math.IsInf(x, 0) {
		return []float64{x, 0}
	}
	whole, fraction := math.Modf(x)
	return []float64{whole, fraction}
}

func extreme(better func(a, b glua.LNumber) bool) Func {
	return func(l *glua.LState) int {
		best := l.CheckNumber(1)
		for i := 2; i <= l.GetTop(); i++ {
			if v := l.CheckNumber(i); better(v, best) {
				best = v
			}
		}
		l.Push(best)
		return 1
	}
}

// mathRandom draws from numbers that begin with the seed of the case, so that the same case is decided alike again.
func (vm *VM) mathRandom(l *glua.LState) int {
	if vm.random == nil {
		vm.random = rand.New(rand.NewPCG(vm.seed, 0)) //nolint:gosec // it must be the same again
	}
	if l.GetTop() == 0 {
		return numbers(l, vm.random.Float64())
	}
	low, high := 1, Integer(l, 1, 0)
	if l.GetTop() > 1 {
		low, high = high, Integer(l, 2, 0)
	}
	if low > high {
		l.ArgError(l.GetTop(), "interval is empty")
	}
	return numbers(l, float64(low+int(vm.random.Uint64N(uint64(high-low)+1)))) //nolint:gosec // high is not below low
}

// mathRandomSeed begins the script's numbers anew; those of nobody else.
func (vm *VM) mathRandomSeed(l *glua.LState) int {
	vm.random = rand.New(rand.NewPCG(vm.seed, math.Float64bits(float64(l.CheckNumber(1))))) //nolint:gosec // as above
	return 0
}
