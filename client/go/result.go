package rectifier

import (
	"bytes"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// resultsFrom makes results of a reply; those in destinations are views of their regions.
func resultsFrom(response *rectifierv1.EvaluateResponse, evaluations []Evaluation) ([]*Result, error) {
	messages := response.GetResults()
	if len(messages) != len(evaluations) {
		return nil, internal("the server sent %d results for %d evaluations", len(messages), len(evaluations))
	}
	results := make([]*Result, len(messages))
	for i, message := range messages {
		result, err := resultFrom(message, evaluations[i].Destinations)
		if err != nil {
			return nil, err
		}
		results[i] = result
	}
	return results, nil
}

func resultFrom(message *rectifierv1.Result, destinations []Destination) (*Result, error) {
	result := &Result{}
	var err error
	if result.Value, err = tensorFrom(message.GetValue(), destinations); err != nil {
		return nil, err
	}
	if result.SecondDerivative, err = tensorFrom(message.GetSecondDerivative(), destinations); err != nil {
		return nil, err
	}
	for _, gradient := range message.GetGradients() {
		t, err := tensorFrom(gradient, destinations)
		if err != nil {
			return nil, err
		}
		result.Gradients = append(result.Gradients, t)
	}
	result.ParameterGradients, err = parameterGradientsFrom(message.GetParameterGradients(), destinations)
	return result, err
}

func parameterGradientsFrom(messages []*rectifierv1.ParameterGradient,
	destinations []Destination) (map[string]Tensor, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	gradients := make(map[string]Tensor, len(messages))
	for _, message := range messages {
		t, err := tensorFrom(message.GetGradient(), destinations)
		if err != nil {
			return nil, err
		}
		gradients[message.GetParameter()] = t
	}
	return gradients, nil
}

// tensorFrom makes a tensor over the bytes of a message, or over the region that the message names.
func tensorFrom(message *rectifierv1.Tensor, destinations []Destination) (Tensor, error) {
	if message == nil {
		return Tensor{}, nil
	}
	shape, err := shapeFrom(message.GetShape())
	if err != nil {
		return Tensor{}, err
	}
	t := Tensor{elementType: message.GetElementType(), shape: shape}
	if named := message.GetRegion(); named != nil {
		region := regionOf(named, destinations)
		if region == nil {
			return Tensor{}, internal("the server put a result into a region that was not named")
		}
		t.region, t.bytes = region, region.Bytes()
	} else {
		t.bytes = swapUnlessLittleEndian(message.GetData(), t.elementType)
	}
	if problem := t.check(); problem != "" {
		return Tensor{}, internal("the server sent a result that makes no sense: %s", problem)
	}
	return t, nil
}

func shapeFrom(sizes []int64) ([]int, error) {
	shape := make([]int, len(sizes))
	for i, size := range sizes {
		shape[i] = int(size)
		if size < 0 || int64(shape[i]) != size {
			return nil, internal("the server sent a result of shape %v", sizes)
		}
	}
	return shape, nil
}

func regionOf(named *rectifierv1.BufferRegion, destinations []Destination) *BufferRegion {
	for i := range destinations {
		region := &destinations[i].Region
		if region.offset == int(named.GetOffset()) && region.length == int(named.GetLength()) &&
			bytes.Equal(region.buffer.token, named.GetToken()) {
			return region
		}
	}
	return nil
}
